"""The settings of the pipeline's components: what each is called, what it may hold, what it holds when it is not given."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.dialogue.files.node import Node
from bot.dialogue.plain import Plain
from bot.errors import did_you_mean

Reader = Callable[[Node], Plain]


def flag(default: bool) -> Reader:  # noqa: FBT001 – the value of an absent setting
    """True or false."""
    return lambda node: node.flag(default)


def number(default: float) -> Reader:
    """A number."""
    return lambda node: node.number(default)


def whole(default: int | None, at_least: int = 1) -> Reader:
    """A whole number."""

    def read(node: Node) -> Plain:
        if node.value is None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < at_least:
            raise node.refuse(f"`{node.name}` must be a whole number, at least {at_least}, not {node.value!r}")
        return node.value

    return read


def share_or_count(default: float) -> Reader:
    """How many texts (a whole number), or which share of them (a fraction)."""

    def read(node: Node) -> Plain:
        if node.value is None:
            return default
        found = node.number(default)
        if found < 0 or (isinstance(node.value, float) and found > 1):
            raise node.refuse(
                f"`{node.name}` must be a number of texts, or a share from 0.0 to 1.0, not {node.value!r}"
            )
        return node.value

    return read


def one_of(*known: str | None) -> Reader:
    """One of these words; the first when it is not given."""
    names = [word for word in known if word]

    def read(node: Node) -> Plain:
        if node.value is None:
            return known[0]
        if node.value not in names:
            raise node.refuse(
                f"`{node.name}` is {', '.join(names)}, not {node.value!r}{did_you_mean(str(node.value), names)}"
            )
        return node.value

    return read


def text(node: Node) -> Plain:
    """Some text, or none."""
    return None if node.value is None else node.text()


def expression(node: Node) -> Plain:
    """A regular expression, or none."""
    if not node.value:
        return None
    try:
        if re.compile(node.text()).groups > 1:
            raise node.refuse(f"`{node.name}` has several groups; which of them would be the word?")
    except re.error as error:
        raise node.refuse(f"{node.value!r} is not a regular expression: {error}") from error
    return node.value


def words(node: Node) -> Plain:
    """A list of words, or one word."""
    return tuple(item.word() for item in node.item_or_items())


def stop_words(node: Node) -> Plain:
    """A list of words, or the name of scikit-learn's own."""
    if node.value != "english":
        return words(node)
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 – only who names it needs it

    return tuple(sorted(ENGLISH_STOP_WORDS))


def windows(node: Node) -> Plain:
    """LexicalSyntacticFeaturizer's lists of features, one for each word around a word."""
    for window in node.items():
        for item in window.items():
            item.known("feature", LEXICAL)


def anything(_: Node) -> Plain:
    """A setting that decides nothing here."""


LEXICAL = (
    "BOS", "EOS", "low", "title", "upper", "digit", "prefix2", "prefix5", "suffix1", "suffix2", "suffix3", "suffix5", "pos", "pos2",
)  # fmt: skip
TOKENIZER: dict[str, Reader] = {
    "token_pattern": expression,
    "intent_tokenization_flag": anything,
    "intent_split_symbol": anything,
    "prefix_separator_symbol": anything,
}
FEATURIZER: dict[str, Reader] = {"alias": anything}
PATTERNS: dict[str, Reader] = {
    "use_word_boundaries": flag(default=True),
    "use_regexes": flag(default=True),
    "use_lookup_tables": flag(default=True),
}
# How a network is built and trained; no stand-in has one.
NETWORK: dict[str, Reader] = dict.fromkeys(
    (
        "hidden_layers_sizes", "share_hidden_layers", "transformer_size", "number_of_transformer_layers",
        "number_of_attention_heads", "use_key_relative_attention", "use_value_relative_attention", "max_relative_position",
        "unidirectional_encoder", "batch_size", "batch_strategy", "epochs", "random_seed", "learning_rate",
        "embedding_dimension", "dense_dimension", "concat_dimension", "number_of_negative_examples", "similarity_type",
        "loss_type", "maximum_positive_similarity", "maximum_negative_similarity", "use_maximum_negative_similarity",
        "scale_loss", "regularization_constant", "negative_margin_scale", "drop_rate", "drop_rate_attention",
        "connection_density", "use_sparse_input_dropout", "use_dense_input_dropout", "evaluate_every_number_of_epochs",
        "evaluate_on_number_of_examples", "use_masked_language_model", "BILOU_flag", "tensorboard_log_directory",
        "tensorboard_log_level", "checkpoint_model", "featurizers", "split_entities_by_comma", "constrain_similarities",
        "model_confidence", "renormalize_confidences", "run_eagerly", "drop_small_last_batch", "weight_sparsity",
    ),
    anything,
)  # fmt: skip
# A negative or zero length keeps the whole ranking.
RANKED: dict[str, Reader] = {"ranking_length": whole(10, at_least=-1)}
SOLVERS = ("lbfgs", "liblinear", "newton-cg", "newton-cholesky", "sag", "saga")

SETTINGS: dict[str, dict[str, Reader]] = {
    "WhitespaceTokenizer": TOKENIZER | {"case_sensitive": anything},
    "JiebaTokenizer": TOKENIZER | {"dictionary_path": text},
    "RegexFeaturizer": FEATURIZER
    | PATTERNS
    | {"case_sensitive": flag(default=True), "number_additional_patterns": anything},
    "LexicalSyntacticFeaturizer": FEATURIZER | {"features": windows},
    "CountVectorsFeaturizer": FEATURIZER
    | {
        "analyzer": one_of("word", "char", "char_wb"),
        "min_ngram": whole(1),
        "max_ngram": whole(1),
        "lowercase": flag(default=True),
        "strip_accents": one_of(None, "ascii", "unicode"),
        "stop_words": stop_words,
        "min_df": share_or_count(1),
        "max_df": share_or_count(1.0),
        "max_features": whole(None),
        "OOV_token": text,
        "OOV_words": words,
        "use_shared_vocab": anything,
        "use_lemma": anything,
        "additional_vocabulary_size": anything,
    },
    "LogisticRegressionClassifier": RANKED
    | {
        "solver": one_of(*SOLVERS),
        "max_iter": whole(100),
        "tol": number(1e-4),
        "random_state": whole(42, at_least=0),
    },
    "KeywordIntentClassifier": {"case_sensitive": flag(default=True)},
    "DIETClassifier": RANKED
    | NETWORK
    | {"intent_classification": flag(default=True), "entity_recognition": flag(default=True)},
    "ResponseSelector": RANKED | NETWORK | {"retrieval_intent": text, "use_text_as_label": anything},
    "RegexEntityExtractor": PATTERNS | {"case_sensitive": flag(default=False)},
    "EntitySynonymMapper": {},
    "FallbackClassifier": {"threshold": number(0.3), "ambiguity_threshold": number(0.1)},
}


def read_settings(item: Node, name: str) -> dict[str, Plain]:
    """The settings that decide something, of one item of the pipeline.

    Raises `ProjectFileError` for one that is unknown or cannot hold.
    """
    known = SETTINGS[name]
    item.reads(("name", *known))
    return {key: read(item.child(key)) for key, read in known.items() if read is not anything}
