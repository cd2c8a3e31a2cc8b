# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Health, the page for Prometheus, systemd. They look at the service; its loops know nothing of them."""
