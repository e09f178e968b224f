"""What people wrote, typed: policy, proposals, meetings, dataset, and what is asked of them."""
