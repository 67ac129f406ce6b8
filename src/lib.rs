//! Caseway: a policy language and decision engine for service desks.
