CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE failed_login (
	id INTEGER NOT NULL,
	name VARCHAR(300) NOT NULL,
	address VARCHAR(300) NOT NULL,
	failure_count INTEGER NOT NULL,
	last_failed_at DATETIME NOT NULL,
	CONSTRAINT pk_failed_login PRIMARY KEY (id),
	CONSTRAINT uq_failed_login_name_address UNIQUE (name, address)
);
CREATE TABLE import (
	id INTEGER NOT NULL,
	kind VARCHAR(40) NOT NULL,
	file_name VARCHAR(300) NOT NULL,
	"on" DATE,
	complete BOOLEAN NOT NULL,
	status VARCHAR(40) NOT NULL,
	account_name VARCHAR(300),
	column_map JSON NOT NULL,
	"table" JSON NOT NULL,
	account_ids JSON NOT NULL,
	changes JSON NOT NULL,
	notes JSON NOT NULL,
	counts JSON NOT NULL,
	held_because VARCHAR,
	created_at DATETIME NOT NULL,
	created_by INTEGER,
	applied_at DATETIME,
	undone_at DATETIME,
	CONSTRAINT pk_import PRIMARY KEY (id),
	CONSTRAINT ck_import_kind CHECK (kind IN ('snapshot', 'ties', 'touches', 'tenures')),
	CONSTRAINT ck_import_status CHECK (status IN ('held', 'applied', 'undone')),
	CONSTRAINT fk_import_created_by_user FOREIGN KEY(created_by) REFERENCES user (id)
);
CREATE TABLE plugin_health (
	rule_key VARCHAR(300) NOT NULL,
	plugin VARCHAR(300) NOT NULL,
	rule_version INTEGER NOT NULL,
	failures_in_row INTEGER NOT NULL,
	suspended_at DATETIME,
	last_status VARCHAR(300),
	last_error VARCHAR,
	last_failed_at DATETIME,
	last_ran_at DATETIME,
	last_milliseconds DOUBLE,
	CONSTRAINT pk_plugin_health PRIMARY KEY (rule_key)
);
CREATE INDEX ix_plugin_health_plugin ON plugin_health (plugin);
CREATE TABLE plugin_setting (
	id INTEGER NOT NULL,
	plugin VARCHAR(300) NOT NULL,
	"key" VARCHAR(300) NOT NULL,
	value JSON NOT NULL,
	CONSTRAINT pk_plugin_setting PRIMARY KEY (id),
	CONSTRAINT uq_plugin_setting_plugin_key UNIQUE (plugin, "key")
);
CREATE TABLE plugin_switch (
	plugin VARCHAR(300) NOT NULL,
	is_on BOOLEAN NOT NULL,
	CONSTRAINT pk_plugin_switch PRIMARY KEY (plugin)
);
CREATE TABLE user (
	id INTEGER NOT NULL,
	name VARCHAR(300) NOT NULL,
	role VARCHAR(40) NOT NULL,
	password_hash VARCHAR NOT NULL,
	must_change_password BOOLEAN NOT NULL,
	session_stamp VARCHAR(40) NOT NULL,
	is_active BOOLEAN NOT NULL,
	person_id INTEGER,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_user PRIMARY KEY (id),
	CONSTRAINT ck_user_role CHECK (role IN ('administrator', 'manager', 'member')),
	CONSTRAINT fk_user_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT uq_user_name UNIQUE (name)
);
CREATE TABLE account (
	id INTEGER NOT NULL,
	name VARCHAR(300) NOT NULL,
	latin_name VARCHAR(300),
	search_text VARCHAR NOT NULL,
	revision INTEGER NOT NULL,
	tier VARCHAR(40),
	industry VARCHAR(300),
	region VARCHAR(300),
	country VARCHAR(40),
	owner_id INTEGER,
	rotation_months INTEGER,
	review_month INTEGER,
	handover_months INTEGER,
	is_sample BOOLEAN NOT NULL,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_account PRIMARY KEY (id),
	CONSTRAINT ck_account_review_month CHECK (review_month BETWEEN 1 AND 12),
	CONSTRAINT ck_account_rotation_months CHECK (rotation_months > 0),
	CONSTRAINT fk_account_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_account_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id),
	CONSTRAINT fk_account_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id),
	CONSTRAINT uq_account_name UNIQUE (name)
);
CREATE INDEX ix_account_import_id ON account (import_id);
CREATE TABLE change (
	id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	user_id INTEGER,
	import_id INTEGER,
	verb VARCHAR(40) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	fact_id INTEGER NOT NULL,
	account_id INTEGER,
	effective_on DATE,
	"before" JSON,
	"after" JSON,
	CONSTRAINT pk_change PRIMARY KEY (id),
	CONSTRAINT fk_change_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_change_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE INDEX ix_change_account_id_effective_on ON change (account_id, effective_on);
CREATE INDEX ix_change_import_id ON change (import_id);
CREATE INDEX ix_change_kind_fact_id ON change (kind, fact_id);
CREATE TABLE person (
	id INTEGER NOT NULL,
	side VARCHAR(40) NOT NULL,
	name VARCHAR(300) NOT NULL,
	latin_name VARCHAR(300),
	nickname VARCHAR(300),
	address_as VARCHAR(300),
	search_text VARCHAR NOT NULL,
	language VARCHAR(40),
	affiliation VARCHAR(300),
	birthday VARCHAR(40),
	preferences VARCHAR,
	erased_at DATETIME,
	is_sample BOOLEAN NOT NULL,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_person PRIMARY KEY (id),
	CONSTRAINT ck_person_side CHECK (side IN ('client', 'us')),
	CONSTRAINT fk_person_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_person_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id)
);
CREATE INDEX ix_person_import_id ON person (import_id);
CREATE TABLE touch (
	id INTEGER NOT NULL,
	"on" DATE NOT NULL,
	kind VARCHAR(40) NOT NULL,
	direction VARCHAR(40) NOT NULL,
	said VARCHAR,
	next_step VARCHAR,
	next_step_on DATE,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_touch PRIMARY KEY (id),
	CONSTRAINT fk_touch_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_touch_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id)
);
CREATE INDEX ix_touch_import_id ON touch (import_id);
CREATE INDEX ix_touch_on ON touch ("on");
CREATE TABLE alert (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	plugin VARCHAR(300) NOT NULL,
	rule_key VARCHAR(300) NOT NULL,
	rule_version INTEGER NOT NULL,
	"key" VARCHAR(300) NOT NULL,
	text VARCHAR NOT NULL,
	severity VARCHAR(40) NOT NULL,
	refs JSON NOT NULL,
	"values" JSON NOT NULL,
	evidence JSON NOT NULL,
	actions JSON NOT NULL,
	status VARCHAR(40) NOT NULL,
	status_before VARCHAR(40),
	raised_on DATE NOT NULL,
	raised_at DATETIME NOT NULL,
	acknowledged_until DATE,
	acknowledged_by INTEGER,
	acknowledged_at DATETIME,
	closed_reason VARCHAR,
	closed_by INTEGER,
	closed_at DATETIME,
	CONSTRAINT pk_alert PRIMARY KEY (id),
	CONSTRAINT ck_alert_severity CHECK (severity IN ('note', 'warning', 'urgent')),
	CONSTRAINT ck_alert_status CHECK (status IN ('open', 'acknowledged', 'closed', 'withdrawn')),
	CONSTRAINT fk_alert_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_alert_acknowledged_by_user FOREIGN KEY(acknowledged_by) REFERENCES user (id),
	CONSTRAINT fk_alert_closed_by_user FOREIGN KEY(closed_by) REFERENCES user (id),
	CONSTRAINT uq_alert_account_id_rule_key_key UNIQUE (account_id, rule_key, "key")
);
CREATE INDEX ix_alert_account_id ON alert (account_id);
CREATE INDEX ix_alert_status_account_id ON alert (status, account_id);
CREATE TABLE contact (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_contact PRIMARY KEY (id),
	CONSTRAINT ck_contact_ends_after_start CHECK (ends_on IS NULL OR ends_on > starts_on),
	CONSTRAINT fk_contact_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_contact_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_contact_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_contact_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id)
);
CREATE INDEX ix_contact_account_id ON contact (account_id);
CREATE INDEX ix_contact_import_id ON contact (import_id);
CREATE INDEX ix_contact_person_id ON contact (person_id);
CREATE UNIQUE INDEX uq_contact_open_person_account ON contact (person_id, account_id) WHERE ends_on IS NULL;
CREATE TABLE contact_point (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	kind VARCHAR(40) NOT NULL,
	value VARCHAR(300) NOT NULL,
	note VARCHAR(300),
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_contact_point PRIMARY KEY (id),
	CONSTRAINT fk_contact_point_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_contact_point_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_contact_point_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id)
);
CREATE INDEX ix_contact_point_import_id ON contact_point (import_id);
CREATE INDEX ix_contact_point_person_id ON contact_point (person_id);
CREATE TABLE due (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	"on" DATE NOT NULL,
	asked_at DATETIME NOT NULL,
	CONSTRAINT pk_due PRIMARY KEY (id),
	CONSTRAINT fk_due_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_due_account_id_on UNIQUE (account_id, "on")
);
CREATE INDEX ix_due_account_id ON due (account_id);
CREATE TABLE external_id (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	kind VARCHAR(40) NOT NULL,
	value VARCHAR(300) NOT NULL,
	written VARCHAR(300) NOT NULL,
	scope_id INTEGER NOT NULL,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_external_id PRIMARY KEY (id),
	CONSTRAINT ck_external_id_kind CHECK (kind IN ('mail', 'staff_number', 'handle')),
	CONSTRAINT fk_external_id_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_external_id_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_external_id_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id),
	CONSTRAINT uq_external_id_kind_value_scope_id UNIQUE (kind, value, scope_id)
);
CREATE INDEX ix_external_id_import_id ON external_id (import_id);
CREATE INDEX ix_external_id_person_id ON external_id (person_id);
CREATE TABLE grant (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	"right" VARCHAR(40) NOT NULL,
	CONSTRAINT pk_grant PRIMARY KEY (id),
	CONSTRAINT ck_grant_right CHECK ("right" IN ('read', 'write')),
	CONSTRAINT fk_grant_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_grant_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
	CONSTRAINT uq_grant_user_id_account_id UNIQUE (user_id, account_id)
);
CREATE INDEX ix_grant_account_id ON grant (account_id);
CREATE INDEX ix_grant_user_id ON grant (user_id);
CREATE TABLE import_row (
	id INTEGER NOT NULL,
	import_id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	"row" INTEGER NOT NULL,
	status VARCHAR(40) NOT NULL,
	reason VARCHAR NOT NULL,
	candidate_ids JSON NOT NULL,
	waits JSON NOT NULL,
	answer VARCHAR(40),
	person_id INTEGER,
	resolved_at DATETIME,
	resolved_by INTEGER,
	CONSTRAINT pk_import_row PRIMARY KEY (id),
	CONSTRAINT ck_import_row_status CHECK (status IN ('waiting', 'resolved', 'lapsed')),
	CONSTRAINT fk_import_row_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_import_row_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_import_row_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_import_row_resolved_by_user FOREIGN KEY(resolved_by) REFERENCES user (id),
	CONSTRAINT uq_import_row_import_id_row UNIQUE (import_id, "row")
);
CREATE INDEX ix_import_row_account_id ON import_row (account_id);
CREATE INDEX ix_import_row_import_id ON import_row (import_id);
CREATE TABLE person_name (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	name VARCHAR(300) NOT NULL,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_person_name PRIMARY KEY (id),
	CONSTRAINT fk_person_name_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_person_name_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_person_name_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id),
	CONSTRAINT uq_person_name_person_id_name UNIQUE (person_id, name)
);
CREATE INDEX ix_person_name_import_id ON person_name (import_id);
CREATE INDEX ix_person_name_person_id ON person_name (person_id);
CREATE TABLE score (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	"on" DATE NOT NULL,
	plugin VARCHAR(300) NOT NULL,
	rule_key VARCHAR(300) NOT NULL,
	rule_version INTEGER NOT NULL,
	rule_title VARCHAR(300) NOT NULL,
	weight DOUBLE NOT NULL,
	settings_digest VARCHAR(300) NOT NULL,
	view_digest VARCHAR(300) NOT NULL,
	ruleset_digest VARCHAR(300) NOT NULL,
	revision INTEGER NOT NULL,
	status VARCHAR(40) NOT NULL,
	points DOUBLE,
	out_of DOUBLE,
	evidence JSON NOT NULL,
	actions JSON NOT NULL,
	reason VARCHAR,
	milliseconds DOUBLE,
	computed_at DATETIME NOT NULL,
	CONSTRAINT pk_score PRIMARY KEY (id),
	CONSTRAINT ck_score_status CHECK (status IN ('ok', 'n/a', 'failed', 'timed_out')),
	CONSTRAINT fk_score_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_score_account_id_on_rule_key UNIQUE (account_id, "on", rule_key)
);
CREATE INDEX ix_score_account_id ON score (account_id);
CREATE TABLE stored_view (
	digest VARCHAR(300) NOT NULL,
	account_id INTEGER NOT NULL,
	document VARCHAR NOT NULL,
	CONSTRAINT pk_stored_view PRIMARY KEY (digest),
	CONSTRAINT fk_stored_view_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE INDEX ix_stored_view_account_id ON stored_view (account_id);
CREATE TABLE tie (
	id INTEGER NOT NULL,
	a_id INTEGER NOT NULL,
	b_id INTEGER NOT NULL,
	kind VARCHAR(40) NOT NULL,
	sign INTEGER NOT NULL,
	level VARCHAR(40),
	starts_on DATE,
	observed_on DATE NOT NULL,
	ends_on DATE,
	basis VARCHAR(40),
	observer_id INTEGER,
	note VARCHAR,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_tie PRIMARY KEY (id),
	CONSTRAINT ck_tie_two_people CHECK (a_id <> b_id),
	CONSTRAINT ck_tie_ends_after_start CHECK (ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on),
	CONSTRAINT ck_tie_sign CHECK (sign IN (-1, 0, 1)),
	CONSTRAINT fk_tie_a_id_person FOREIGN KEY(a_id) REFERENCES person (id),
	CONSTRAINT fk_tie_b_id_person FOREIGN KEY(b_id) REFERENCES person (id),
	CONSTRAINT fk_tie_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_tie_observer_id_person FOREIGN KEY(observer_id) REFERENCES person (id),
	CONSTRAINT fk_tie_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id)
);
CREATE INDEX ix_tie_a_id ON tie (a_id);
CREATE INDEX ix_tie_b_id ON tie (b_id);
CREATE INDEX ix_tie_import_id ON tie (import_id);
CREATE UNIQUE INDEX uq_tie_open_a_b_kind ON tie (a_id, b_id, kind) WHERE ends_on IS NULL;
CREATE TABLE touch_person (
	touch_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	CONSTRAINT pk_touch_person PRIMARY KEY (touch_id, person_id),
	CONSTRAINT fk_touch_person_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_touch_person_touch_id_touch FOREIGN KEY(touch_id) REFERENCES touch (id)
);
CREATE INDEX ix_touch_person_person_id ON touch_person (person_id);
CREATE TABLE unit (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	parent_id INTEGER,
	name VARCHAR(300) NOT NULL,
	external_id VARCHAR(300),
	is_root BOOLEAN NOT NULL,
	starts_after DATE,
	starts_on DATE NOT NULL,
	ends_after DATE,
	ends_on DATE,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_unit PRIMARY KEY (id),
	CONSTRAINT ck_unit_ends_after_start CHECK (ends_on IS NULL OR ends_on > starts_on),
	CONSTRAINT ck_unit_not_its_own_parent CHECK (parent_id <> id),
	CONSTRAINT fk_unit_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_unit_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_unit_parent_id_unit FOREIGN KEY(parent_id) REFERENCES unit (id),
	CONSTRAINT fk_unit_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id)
);
CREATE INDEX ix_unit_account_id ON unit (account_id);
CREATE INDEX ix_unit_import_id ON unit (import_id);
CREATE INDEX ix_unit_parent_id ON unit (parent_id);
CREATE TABLE coverage (
	id INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	"on" DATE NOT NULL,
	import_id INTEGER NOT NULL,
	CONSTRAINT pk_coverage PRIMARY KEY (id),
	CONSTRAINT fk_coverage_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_coverage_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id),
	CONSTRAINT uq_coverage_unit_id_on_import_id UNIQUE (unit_id, "on", import_id)
);
CREATE INDEX ix_coverage_import_id ON coverage (import_id);
CREATE INDEX ix_coverage_unit_id ON coverage (unit_id);
CREATE TABLE post (
	id INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	title VARCHAR(300) NOT NULL,
	function VARCHAR(40) NOT NULL,
	level VARCHAR(40) NOT NULL,
	function_is_given BOOLEAN NOT NULL,
	level_is_given BOOLEAN NOT NULL,
	decision_weight DOUBLE,
	seats INTEGER NOT NULL,
	reports_to_id INTEGER,
	vacant_since DATE,
	starts_after DATE,
	starts_on DATE NOT NULL,
	ends_after DATE,
	ends_on DATE,
	term_months INTEGER,
	review_month INTEGER,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_post PRIMARY KEY (id),
	CONSTRAINT ck_post_decision_weight CHECK (decision_weight BETWEEN 0 AND 1),
	CONSTRAINT ck_post_ends_after_start CHECK (ends_on IS NULL OR ends_on > starts_on),
	CONSTRAINT ck_post_not_its_own_superior CHECK (reports_to_id <> id),
	CONSTRAINT ck_post_review_month CHECK (review_month BETWEEN 1 AND 12),
	CONSTRAINT ck_post_seats CHECK (seats >= 1),
	CONSTRAINT ck_post_term_months CHECK (term_months > 0),
	CONSTRAINT fk_post_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_post_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id),
	CONSTRAINT fk_post_reports_to_id_post FOREIGN KEY(reports_to_id) REFERENCES post (id),
	CONSTRAINT fk_post_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id)
);
CREATE INDEX ix_post_import_id ON post (import_id);
CREATE INDEX ix_post_reports_to_id ON post (reports_to_id);
CREATE INDEX ix_post_unit_id ON post (unit_id);
CREATE TABLE scan (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	rule_key VARCHAR(300) NOT NULL,
	"on" DATE NOT NULL,
	revision INTEGER NOT NULL,
	ruleset_digest VARCHAR(300) NOT NULL,
	view_digest VARCHAR(300) NOT NULL,
	scanned_at DATETIME NOT NULL,
	CONSTRAINT pk_scan PRIMARY KEY (id),
	CONSTRAINT fk_scan_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_scan_view_digest_stored_view FOREIGN KEY(view_digest) REFERENCES stored_view (digest)
);
CREATE INDEX ix_scan_account_id ON scan (account_id);
CREATE INDEX ix_scan_account_rule ON scan (account_id, rule_key, id);
CREATE TABLE claim (
	id INTEGER NOT NULL,
	person_id INTEGER,
	post_id INTEGER,
	what VARCHAR(40) NOT NULL,
	value VARCHAR(300) NOT NULL,
	"on" DATE NOT NULL,
	basis VARCHAR(40) NOT NULL,
	shelf_life_days INTEGER NOT NULL,
	observer_id INTEGER,
	source VARCHAR(300),
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_claim PRIMARY KEY (id),
	CONSTRAINT ck_claim_about_one CHECK ((person_id IS NULL) <> (post_id IS NULL)),
	CONSTRAINT ck_claim_shelf_life CHECK (shelf_life_days > 0),
	CONSTRAINT fk_claim_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_claim_observer_id_person FOREIGN KEY(observer_id) REFERENCES person (id),
	CONSTRAINT fk_claim_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_claim_post_id_post FOREIGN KEY(post_id) REFERENCES post (id),
	CONSTRAINT fk_claim_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id)
);
CREATE INDEX ix_claim_import_id ON claim (import_id);
CREATE INDEX ix_claim_person_id ON claim (person_id);
CREATE INDEX ix_claim_post_id ON claim (post_id);
CREATE TABLE tenure (
	id INTEGER NOT NULL,
	post_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	starts_after DATE,
	starts_on DATE NOT NULL,
	ends_after DATE,
	ends_on DATE,
	precision VARCHAR(40) NOT NULL,
	term_ends_on DATE,
	acting BOOLEAN NOT NULL,
	end_reason VARCHAR(40),
	end_recorded_at DATETIME,
	end_import_id INTEGER,
	basis VARCHAR(40) NOT NULL,
	listed_on DATE,
	start_note VARCHAR(300),
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	import_id INTEGER,
	CONSTRAINT pk_tenure PRIMARY KEY (id),
	CONSTRAINT ck_tenure_precision CHECK (precision IN ('day', 'month', 'year')),
	CONSTRAINT ck_tenure_end_interval CHECK (ends_after IS NULL OR ends_after < ends_on),
	CONSTRAINT ck_tenure_ends_after_start CHECK (ends_on IS NULL OR ends_on > starts_on),
	CONSTRAINT ck_tenure_start_interval CHECK (starts_after IS NULL OR starts_after < starts_on),
	CONSTRAINT fk_tenure_end_import_id_import FOREIGN KEY(end_import_id) REFERENCES import (id),
	CONSTRAINT fk_tenure_import_id_import FOREIGN KEY(import_id) REFERENCES import (id),
	CONSTRAINT fk_tenure_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_tenure_post_id_post FOREIGN KEY(post_id) REFERENCES post (id),
	CONSTRAINT fk_tenure_recorded_by_user FOREIGN KEY(recorded_by) REFERENCES user (id)
);
CREATE INDEX ix_tenure_end_import_id ON tenure (end_import_id);
CREATE INDEX ix_tenure_import_id ON tenure (import_id);
CREATE INDEX ix_tenure_person_id ON tenure (person_id);
CREATE INDEX ix_tenure_post_id ON tenure (post_id);
CREATE UNIQUE INDEX uq_tenure_open_person_post ON tenure (person_id, post_id) WHERE ends_on IS NULL;
INSERT INTO alembic_version VALUES ('0001');
