# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How far learners are: enrolments, what was asked, what was answered, what is to be asked again."""

from storage.progress.enrolments import (
    Due,
    already_delivered,
    change,
    deliver,
    delivered_lessons,
    deliveries,
    due,
    enrol,
    move_on,
    next_due,
    use_slots,
)
from storage.progress.events import failed, first_time
from storage.progress.forgetting import forget_events, forget_menus, forget_prompts, old_prompts
from storage.progress.prompts import (
    Prompt,
    answer,
    answers,
    ask,
    ask_many,
    choose,
    close,
    current_prompt,
    new_prompt_id,
    newest_open,
    prompt_of,
    prompt_shown_in,
    prompts_of,
    show_in,
)
from storage.progress.reviews import Recall, count_due, memories, memory_of, recalls, remember
from storage.progress.tallies import answered_days, count_answer, verdicts

__all__ = [
    "Due",
    "Prompt",
    "Recall",
    "already_delivered",
    "answer",
    "answered_days",
    "answers",
    "ask",
    "ask_many",
    "change",
    "choose",
    "close",
    "count_answer",
    "count_due",
    "current_prompt",
    "deliver",
    "delivered_lessons",
    "deliveries",
    "due",
    "enrol",
    "failed",
    "first_time",
    "forget_events",
    "forget_menus",
    "forget_prompts",
    "memories",
    "memory_of",
    "move_on",
    "new_prompt_id",
    "newest_open",
    "next_due",
    "old_prompts",
    "prompt_of",
    "prompt_shown_in",
    "prompts_of",
    "recalls",
    "remember",
    "show_in",
    "use_slots",
    "verdicts",
]
