# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who watches the service: health, the page for Prometheus, systemd. The loops below know nothing of it."""
