"""Features of a statement: blocks of word weights, counts or embeddings of it, its neighbours or its heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stance.config import CharTfidf, FeatureConfig, LexiconFeatures, SentenceEncoder, StaticEmbedding, WordTfidf
from stance.labeled_config import SentencePair, TextFeature

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer


def make_features(blocks: Sequence[FeatureConfig | TextFeature]) -> ColumnTransformer:
    """Return an unfitted transformer from a frame with the columns `stance.classifier.FIELDS` to a sparse matrix.

    Every block of the config becomes one transformer whose rows have length 1, or about that; `weight` scales it.
    """
    from sklearn.compose import ColumnTransformer

    named = [(f"{number}-{block.name}", _transformer(block), block.field) for number, block in enumerate(blocks)]
    weights = {name: block.weight for (name, _, _), block in zip(named, blocks, strict=True)}
    return ColumnTransformer(named, transformer_weights=weights, sparse_threshold=1.0)


def _transformer(block: FeatureConfig | TextFeature) -> Any:
    if isinstance(block, LexiconFeatures):
        from stance.lexicon import LexiconCounts, load_lexicon

        return LexiconCounts({name: list(terms) for name, terms in load_lexicon().categories.items()})
    if isinstance(block, StaticEmbedding | SentenceEncoder):
        from stance.embedding import Embedding

        return Embedding(block.encoder, "static" if isinstance(block, StaticEmbedding) else "onnx")
    if isinstance(block, SentencePair):
        from stance.sentence_pair import SentencePairFeatures

        return SentencePairFeatures(block.encoder)
    return _vectorizer(block)


def _vectorizer(block: WordTfidf | CharTfidf) -> TfidfVectorizer:
    """Return a TF-IDF vectorizer without stop words: English lists hold *not*, *no*, *but*, which carry the stance."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        analyzer="char_wb" if isinstance(block, CharTfidf) else "word",
        token_pattern=None if isinstance(block, CharTfidf) else r"(?u)\b\w+\b",
        ngram_range=tuple(block.ngram_range),
        min_df=block.min_df,
        sublinear_tf=block.sublinear_tf,
    )


def word_blocks(features: Any) -> list[tuple[str, TfidfVectorizer, slice]]:
    """Return field, vectorizer and columns of every block of word n-grams, the ones that read as evidence.

    Fitted features of a baseline have no blocks.
    """
    return [
        (field, vectorizer, features.output_indices_[name])
        for name, vectorizer, field in getattr(features, "transformers_", ())
        if getattr(vectorizer, "analyzer", None) == "word"
    ]


def coverage(features: Any, texts: Sequence[str]) -> list[float]:
    """Share of each text's words that training knew; 1 where the features read no words at all.

    A model's proba looks confident even where it knows no word of a text, so this is looked at beside it.
    """
    vectorizer: Any = next((v for field, v, _ in word_blocks(features) if field == "text"), None)
    if vectorizer is None:
        return [1.0] * len(texts)
    known, analyzer = vectorizer.vocabulary_, vectorizer.build_tokenizer()
    shares = []
    for text in texts:
        words = analyzer(text.lower())
        shares.append(sum(word in known for word in words) / len(words) if words else 0.0)
    return shares
