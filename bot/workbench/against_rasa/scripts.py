"""What is said in the comparison: a project that has Rasa's model beside it, and conversations with it.

The project is the family-referral bot that stands in `bot/` of Rasa's environment. One script goes through a form with an
interruption to the submit rule, the other asks questions that one rule answers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """`messages` in order, said by a new sender each time; `last` is what the final answer must be."""

    messages: tuple[str, ...]
    last: str


FORM = Script(
    (
        "你好",
        "离婚了，爸妈都不要孩子",
        "我在泸溪县",
        "为什么问这个",
        "孩子6岁了",
        "跟着奶奶住",
        "父母已经离婚",
        "没有危险",
    ),
    "已转到泸溪县未成年人保护中心。",
)
RULE = Script(("你好", "抚养权", "抚养费", "上学", "低保", "你是机器人吗", "谢谢", "再见"), "再见，有事随时找我们。")
