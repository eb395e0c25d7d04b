"""The soak: many sessions at real-time pace for minutes, with faults switched on, beside bare libraries."""
