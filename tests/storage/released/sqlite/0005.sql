-- SPDX-FileCopyrightText: 2026 IAventure contributors
-- SPDX-License-Identifier: MIT

BEGIN TRANSACTION;
CREATE TABLE address (
	id INTEGER NOT NULL, 
	channel VARCHAR(10) NOT NULL, 
	address VARCHAR(255) NOT NULL, 
	learner_id VARCHAR(16) NOT NULL, 
	refusals INTEGER DEFAULT 0 NOT NULL, 
	account VARCHAR(255), 
	CONSTRAINT pk_address PRIMARY KEY (id), 
	CONSTRAINT fk_address_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE
);
INSERT INTO "address" VALUES(1,'telegram','1001','19a47e1e70bcc951',1,NULL);
INSERT INTO "address" VALUES(2,'telegram','1002','8468461acbac55e2',0,NULL);
INSERT INTO "address" VALUES(3,'telegram','1003','75288bc88fde9392',0,NULL);
INSERT INTO "address" VALUES(4,'telegram','1004','bd3c43c0fa18e8c5',0,NULL);
INSERT INTO "address" VALUES(5,'telegram','1005','96505506890b09d9',0,NULL);
INSERT INTO "address" VALUES(6,'telegram','1006','42d908762972166c',0,NULL);
INSERT INTO "address" VALUES(7,'telegram','1008','05baa08100de73cd',0,'@lea:example.org');
INSERT INTO "address" VALUES(8,'telegram','mairie','b5cf9a84d9d31fce',0,NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE attestation (
	code_hash VARCHAR(64) NOT NULL, 
	name_hash VARCHAR(64) NOT NULL, 
	path VARCHAR(16) NOT NULL, 
	course_version VARCHAR(64) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	facts TEXT NOT NULL, 
	learner_id VARCHAR(16), 
	CONSTRAINT pk_attestation PRIMARY KEY (code_hash), 
	CONSTRAINT fk_attestation_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE
);
INSERT INTO "attestation" VALUES('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn','agent','v','2026-11-26 10:00:00.000000','{}','75288bc88fde9392');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(270) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	subject VARCHAR(120) NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-25 19:00:00.000000','telegram:mairie','announce','1','Les inscriptions sont ouvertes.');
CREATE TABLE broadcast (
	id INTEGER NOT NULL, 
	version VARCHAR(32), 
	text TEXT NOT NULL, 
	roles TEXT NOT NULL, 
	passed INTEGER NOT NULL, 
	left_until DATETIME, 
	next_at DATETIME, 
	ends_at DATETIME NOT NULL, 
	created_by VARCHAR(270) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_broadcast PRIMARY KEY (id), 
	CONSTRAINT fk_broadcast_version_lesson_version FOREIGN KEY(version) REFERENCES lesson_version (id)
);
INSERT INTO "broadcast" VALUES(1,NULL,'Les inscriptions sont ouvertes.','["agent","elu","ambassadeur"]',7,'2026-11-27 06:00:00.000000','2026-11-25 19:00:00.000000','2026-12-02 19:00:00.000000','telegram:mairie','2026-11-25 19:00:00.000000');
INSERT INTO "broadcast" VALUES(2,'8db51a5f7d24d86074fa2e40328c20ee','','["agent"]',0,NULL,'2026-11-26 10:00:00.000000','2026-12-03 10:00:00.000000','telegram:mairie','2026-11-26 10:00:00.000000');
CREATE TABLE conversation (
	address_id INTEGER NOT NULL, 
	channel VARCHAR(10) NOT NULL, 
	priority INTEGER NOT NULL, 
	ready_at DATETIME NOT NULL, 
	token VARCHAR(16), 
	sending INTEGER, 
	CONSTRAINT pk_conversation PRIMARY KEY (address_id), 
	CONSTRAINT fk_conversation_address_id_address FOREIGN KEY(address_id) REFERENCES address (id) ON DELETE CASCADE
);
INSERT INTO "conversation" VALUES(1,'telegram',1,'2026-11-26 10:00:00.000000',NULL,NULL);
INSERT INTO "conversation" VALUES(2,'telegram',1,'2026-11-26 23:00:00.000000',NULL,NULL);
INSERT INTO "conversation" VALUES(3,'telegram',0,'2026-11-26 10:00:00.000000','0123456789abcdef',71);
INSERT INTO "conversation" VALUES(8,'telegram',1,'2026-11-26 10:00:00.000000','0123456789abcdef',74);
CREATE TABLE counter (
	name VARCHAR(40) NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_counter PRIMARY KEY (name)
);
INSERT INTO "counter" VALUES('pruned.reply.sent',10);
INSERT INTO "counter" VALUES('pruned.goodbye.sent',2);
CREATE TABLE course (
	id VARCHAR(64) NOT NULL, 
	content TEXT NOT NULL, 
	CONSTRAINT pk_course PRIMARY KEY (id)
);
INSERT INTO "course" VALUES('ia-collectivites','{"id":"ia-collectivites","language":"fr","paths":[],"themes":[{"id":"donnees-personnelles","summary":"Ce qu''on protège.","title":"Données personnelles"},{"id":"ia-frugale","summary":"Ce qu''on dépense.","title":"IA frugale"}],"title":"L''IA au service du public"}');
CREATE TABLE delivered (
	enrolment_id INTEGER NOT NULL, 
	lesson_id VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	version VARCHAR(32), 
	CONSTRAINT pk_delivered PRIMARY KEY (enrolment_id, lesson_id), 
	CONSTRAINT fk_delivered_enrolment_id_enrolment FOREIGN KEY(enrolment_id) REFERENCES enrolment (id) ON DELETE CASCADE
);
INSERT INTO "delivered" VALUES(1,'un','2026-11-23 09:00:00.000000','04da82776b2d89fc40ef58610ece0b09');
INSERT INTO "delivered" VALUES(2,'un','2026-11-23 09:00:00.000000','04da82776b2d89fc40ef58610ece0b09');
INSERT INTO "delivered" VALUES(3,'un','2026-11-23 09:00:00.000000','04da82776b2d89fc40ef58610ece0b09');
INSERT INTO "delivered" VALUES(4,'un','2026-11-23 09:00:00.000000','04da82776b2d89fc40ef58610ece0b09');
INSERT INTO "delivered" VALUES(1,'deux','2026-11-24 08:00:00.000000','66299e64dace013e79d947df3b3ec2ae');
INSERT INTO "delivered" VALUES(3,'deux','2026-11-24 08:00:00.000000','66299e64dace013e79d947df3b3ec2ae');
INSERT INTO "delivered" VALUES(2,'deux','2026-11-24 19:00:00.000000','66299e64dace013e79d947df3b3ec2ae');
INSERT INTO "delivered" VALUES(1,'trois','2026-11-25 08:00:00.000000','4db0a10930d3611024b54c4b7d9bd537');
INSERT INTO "delivered" VALUES(3,'trois','2026-11-25 08:00:00.000000','4db0a10930d3611024b54c4b7d9bd537');
INSERT INTO "delivered" VALUES(2,'trois','2026-11-25 19:00:00.000000','4db0a10930d3611024b54c4b7d9bd537');
INSERT INTO "delivered" VALUES(5,'un','2026-11-25 19:00:00.000000','04da82776b2d89fc40ef58610ece0b09');
INSERT INTO "delivered" VALUES(7,'un','2026-11-25 19:00:00.000000','04da82776b2d89fc40ef58610ece0b09');
CREATE TABLE device (
	channel VARCHAR(10) NOT NULL, 
	id VARCHAR(8) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_device PRIMARY KEY (channel, id)
);
INSERT INTO "device" VALUES('telegram','505baa63','2026-11-25 19:00:00.000000');
CREATE TABLE enrolment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	learner_id VARCHAR(16) NOT NULL, 
	course_id VARCHAR(64) NOT NULL, 
	position VARCHAR(64), 
	schedule TEXT NOT NULL, 
	next_at DATETIME, 
	slot DATE, 
	silent INTEGER NOT NULL, 
	until DATE, 
	slots VARCHAR(40) DEFAULT '' NOT NULL, 
	offered_on DATE, 
	finished_at DATETIME, 
	rhythm VARCHAR(10) DEFAULT 'normal' NOT NULL, 
	badges TEXT, 
	CONSTRAINT uq_enrolment_learner_id UNIQUE (learner_id), 
	CONSTRAINT fk_enrolment_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE, 
	CONSTRAINT fk_enrolment_course_id_course FOREIGN KEY(course_id) REFERENCES course (id)
);
INSERT INTO "enrolment" VALUES(1,'19a47e1e70bcc951','ia-collectivites','trois','{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}','2026-11-27 07:30:00.000000','2026-11-26',0,NULL,'2026-11-25 7',NULL,NULL,'normal',NULL);
INSERT INTO "enrolment" VALUES(2,'8468461acbac55e2','ia-collectivites','trois','{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Pacific/Tahiti","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}','2026-11-26 18:30:00.000000','2026-11-25',0,NULL,'2026-11-25 7',NULL,NULL,'normal',NULL);
INSERT INTO "enrolment" VALUES(3,'75288bc88fde9392','ia-collectivites','trois','{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}','2026-11-27 07:30:00.000000','2026-11-26',2,'2026-11-26','2026-11-25 7','2026-11-26','2026-11-26 10:00:00.000000','normal','{"bases":"2026-11-26"}');
INSERT INTO "enrolment" VALUES(4,'bd3c43c0fa18e8c5','ia-collectivites','un','{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}',NULL,'2026-11-23',0,NULL,'2026-11-23 1',NULL,NULL,'normal',NULL);
INSERT INTO "enrolment" VALUES(5,'42d908762972166c','ia-collectivites','un','{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}',NULL,'2026-11-25',0,NULL,'2026-11-25 1',NULL,NULL,'normal',NULL);
INSERT INTO "enrolment" VALUES(7,'b5cf9a84d9d31fce','ia-collectivites','un','{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}','2026-11-27 07:30:00.000000','2026-11-26',0,NULL,'2026-11-25 1',NULL,NULL,'normal',NULL);
CREATE TABLE erasure (
	n INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at DATETIME NOT NULL, 
	learner_id VARCHAR(16) NOT NULL
);
INSERT INTO "erasure" VALUES(1,'2026-11-25 19:00:00.000000','3e681ce04d30b47d');
CREATE TABLE learner (
	id VARCHAR(16) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	pause_reason VARCHAR(10) NOT NULL, 
	notice VARCHAR(10) NOT NULL, 
	consented_at DATETIME, 
	created_at DATETIME NOT NULL, 
	pictures BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT pk_learner PRIMARY KEY (id)
);
INSERT INTO "learner" VALUES('19a47e1e70bcc951','fr','agent','active','','2026-12-2','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000',1);
INSERT INTO "learner" VALUES('8468461acbac55e2','fr','agent','active','','2026-12-2','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000',1);
INSERT INTO "learner" VALUES('75288bc88fde9392','fr','agent','active','','2026-12-2','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000',1);
INSERT INTO "learner" VALUES('bd3c43c0fa18e8c5','fr','agent','paused','gone','2026-12-2','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000',1);
INSERT INTO "learner" VALUES('96505506890b09d9','fr','agent','invited','','',NULL,'2026-11-25 19:00:00.000000',1);
INSERT INTO "learner" VALUES('42d908762972166c','fr','agent','stopped','','2026-12-2','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000',1);
INSERT INTO "learner" VALUES('05baa08100de73cd','fr','agent','invited','','',NULL,'2026-11-25 19:00:00.000000',1);
INSERT INTO "learner" VALUES('b5cf9a84d9d31fce','fr','agent','active','','2026-12-2','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000',1);
CREATE TABLE lesson (
	id VARCHAR(64) NOT NULL, 
	course_id VARCHAR(64) NOT NULL, 
	theme VARCHAR(64) NOT NULL, 
	place INTEGER NOT NULL, 
	version VARCHAR(32) NOT NULL, 
	reset_on DATE, 
	CONSTRAINT pk_lesson PRIMARY KEY (id), 
	CONSTRAINT fk_lesson_course_id_course FOREIGN KEY(course_id) REFERENCES course (id), 
	CONSTRAINT fk_lesson_version_lesson_version FOREIGN KEY(version) REFERENCES lesson_version (id)
);
INSERT INTO "lesson" VALUES('un','ia-collectivites','donnees-personnelles',1,'04da82776b2d89fc40ef58610ece0b09',NULL);
INSERT INTO "lesson" VALUES('deux','ia-collectivites','donnees-personnelles',2,'66299e64dace013e79d947df3b3ec2ae','2026-11-24');
INSERT INTO "lesson" VALUES('trois','ia-collectivites','donnees-personnelles',3,'4db0a10930d3611024b54c4b7d9bd537',NULL);
INSERT INTO "lesson" VALUES('quatre','ia-collectivites','donnees-personnelles',4,'8db51a5f7d24d86074fa2e40328c20ee',NULL);
INSERT INTO "lesson" VALUES('cinq','ia-collectivites','donnees-personnelles',5,'97adffdd8f5bf948472959f10bd260ee',NULL);
INSERT INTO "lesson" VALUES('six','ia-collectivites','donnees-personnelles',6,'cdba9bc9ef773476be04e9e38d93ecec',NULL);
CREATE TABLE lesson_version (
	id VARCHAR(32) NOT NULL, 
	lesson_id VARCHAR(64) NOT NULL, 
	content TEXT NOT NULL, 
	published_by VARCHAR(255) NOT NULL, 
	published_at DATETIME NOT NULL, 
	held BOOLEAN NOT NULL, 
	reason VARCHAR(200) DEFAULT '' NOT NULL, 
	refused_by INTEGER, 
	given_at DATETIME, 
	CONSTRAINT pk_lesson_version PRIMARY KEY (id)
);
INSERT INTO "lesson_version" VALUES('04da82776b2d89fc40ef58610ece0b09','un','{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"un","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de un ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de un ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de un"}','cli:test','2026-11-23 09:00:00.000000',0,'',NULL,NULL);
INSERT INTO "lesson_version" VALUES('66299e64dace013e79d947df3b3ec2ae','deux','{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"deux","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de deux ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de deux ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de deux"}','cli:test','2026-11-23 09:00:00.000000',0,'',NULL,'2026-11-24 08:00:00.000000');
INSERT INTO "lesson_version" VALUES('4db0a10930d3611024b54c4b7d9bd537','trois','{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"trois","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de trois ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de trois ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de trois"}','cli:test','2026-11-23 09:00:00.000000',0,'',NULL,'2026-11-25 08:00:00.000000');
INSERT INTO "lesson_version" VALUES('8db51a5f7d24d86074fa2e40328c20ee','quatre','{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"quatre","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de quatre ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de quatre ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de quatre"}','cli:test','2026-11-23 09:00:00.000000',1,'BadRequest: Message is too long',NULL,NULL);
INSERT INTO "lesson_version" VALUES('97adffdd8f5bf948472959f10bd260ee','cinq','{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"cinq","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de cinq ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de cinq ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de cinq"}','cli:test','2026-11-23 09:00:00.000000',0,'',NULL,NULL);
INSERT INTO "lesson_version" VALUES('cdba9bc9ef773476be04e9e38d93ecec','six','{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"six","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de six ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de six ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de six"}','cli:test','2026-11-23 09:00:00.000000',0,'',3,NULL);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	"key" VARCHAR(120) NOT NULL, 
	address_id INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	content TEXT NOT NULL, 
	enrolment_id INTEGER, 
	version VARCHAR(32), 
	prompt VARCHAR(16), 
	target VARCHAR(120), 
	not_after DATETIME, 
	state VARCHAR(10) NOT NULL, 
	attempts INTEGER NOT NULL, 
	reason VARCHAR(200) NOT NULL, 
	ref VARCHAR(255), 
	created_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT uq_outbox_key UNIQUE ("key"), 
	CONSTRAINT fk_outbox_address_id_address FOREIGN KEY(address_id) REFERENCES address (id) ON DELETE CASCADE
);
INSERT INTO "outbox" VALUES(6,'reply:telegram:e4:0.0',2,0,'reply','{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive mardi 24 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}',NULL,NULL,NULL,NULL,'2026-11-24 08:00:00.000000','sent',1,'','6','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(7,'reply:telegram:e4:1.0',2,0,'reply','{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["b","Une lettre d''habitant"],["c","Un arrêté en préparation"],["a","Un texte déjà publié"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"0495199fe9a6","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Une lettre d''habitant\n2. Un arrêté en préparation\n3. Un texte déjà publié"}',NULL,NULL,'0495199fe9a6',NULL,'2026-11-24 08:00:00.000000','sent',1,'','7','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(8,'reply:telegram:e4:2.0',2,0,'reply','{"of":"reply:telegram:e3:0.0","text":""}',NULL,NULL,NULL,'reply:telegram:e3:0.0','2026-11-24 08:00:00.000000','sent',1,'','8','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(9,'reply:telegram:e5:0.0',3,2,'reply','{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"165f3d8ccca3","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}',NULL,NULL,'165f3d8ccca3',NULL,'2026-11-24 08:00:00.000000','sent',1,'','9','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(10,'reply:telegram:e6:0.0',3,0,'reply','{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive mardi 24 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}',NULL,NULL,NULL,NULL,'2026-11-24 08:00:00.000000','sent',1,'','10','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(11,'reply:telegram:e6:1.0',3,0,'reply','{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["c","Un arrêté en préparation"],["a","Un texte déjà publié"],["b","Une lettre d''habitant"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"e975cdc6bf34","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Un arrêté en préparation\n2. Un texte déjà publié\n3. Une lettre d''habitant"}',NULL,NULL,'e975cdc6bf34',NULL,'2026-11-24 08:00:00.000000','sent',1,'','11','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(12,'reply:telegram:e6:2.0',3,0,'reply','{"of":"reply:telegram:e5:0.0","text":""}',NULL,NULL,NULL,'reply:telegram:e5:0.0','2026-11-24 08:00:00.000000','sent',1,'','12','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(13,'reply:telegram:e7:0.0',4,2,'reply','{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"e63a26960a9a","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}',NULL,NULL,'e63a26960a9a',NULL,'2026-11-24 08:00:00.000000','sent',1,'','13','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(14,'reply:telegram:e8:0.0',4,0,'reply','{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive mardi 24 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}',NULL,NULL,NULL,NULL,'2026-11-24 08:00:00.000000','sent',1,'','14','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(15,'reply:telegram:e8:1.0',4,0,'reply','{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["c","Un arrêté en préparation"],["a","Un texte déjà publié"],["b","Une lettre d''habitant"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"931fa600ec7d","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Un arrêté en préparation\n2. Un texte déjà publié\n3. Une lettre d''habitant"}',NULL,NULL,'931fa600ec7d',NULL,'2026-11-24 08:00:00.000000','sent',1,'','15','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(16,'reply:telegram:e8:2.0',4,0,'reply','{"of":"reply:telegram:e7:0.0","text":""}',NULL,NULL,NULL,'reply:telegram:e7:0.0','2026-11-24 08:00:00.000000','sent',1,'','16','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(17,'reply:telegram:e9:0.0',2,0,'reply','{"question":{"beside":[],"choices":[["hour","Heure : 08:30"],["days","Jours : du lundi au vendredi"],["zone","Fuseau horaire : Europe/Paris"],["holidays","Jours fériés : France"],["quiet","Heures calmes : 20:00-07:00"],["role","Vous êtes : agent ou agente"],["language","Langue : français"],["data","Mes données"],["rhythm","Questions après la dernière leçon : trois jours par semaine"]],"chosen":[],"form":"menu","multiple":false,"prompt":"f53a591c1093","submit":""},"request":"reglages","text":"**Vos réglages.** Que voulez-vous changer ?"}',NULL,NULL,'f53a591c1093',NULL,'2026-11-24 08:00:00.000000','sent',1,'','17','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(18,'reply:telegram:e10:0.0',2,0,'reply','{"question":{"beside":[],"choices":[["Europe/Paris","Paris"],["America/Guadeloupe","Guadeloupe"],["America/Martinique","Martinique"],["America/Cayenne","Guyane"],["Indian/Reunion","La Réunion"],["Indian/Mayotte","Mayotte"],["Pacific/Noumea","Nouvelle-Calédonie"],["Pacific/Tahiti","Tahiti"],["America/Miquelon","Saint-Pierre-et-Miquelon"]],"chosen":[],"form":"menu","multiple":false,"prompt":"3ae919195294","submit":""},"text":"Où êtes-vous ? Choisissez, ou écrivez une ville ou le nom de votre fuseau, par exemple : Bruxelles ou Europe/Brussels."}',NULL,NULL,'3ae919195294',NULL,'2026-11-24 08:00:00.000000','sent',1,'','18','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(19,'reply:telegram:e11:0.0',2,0,'reply','{"text":"C’est noté. Fuseau horaire : Pacific/Tahiti.\nProchaine leçon : mardi 24 novembre à 08:30."}',NULL,NULL,NULL,NULL,'2026-11-24 08:00:00.000000','sent',1,'','19','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(20,'reply:telegram:e11:1.0',2,0,'reply','{"of":"reply:telegram:e10:0.0","text":""}',NULL,NULL,NULL,'reply:telegram:e10:0.0','2026-11-24 08:00:00.000000','sent',1,'','20','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(21,'reply:telegram:e12:0.0',2,0,'reply','{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["b","Une lettre d''habitant"],["c","Un arrêté en préparation"],["a","Un texte déjà publié"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"0495199fe9a6","submit":""},"request":"quiz","text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Une lettre d''habitant\n2. Un arrêté en préparation\n3. Un texte déjà publié"}',NULL,NULL,'0495199fe9a6',NULL,'2026-11-24 08:00:00.000000','sent',1,'','21','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(22,'reply:telegram:e13:0.0',1,0,'reply','{"text":"✅ **Bonne réponse !**\nParce que.\nCe qui est déjà public peut l''être encore."}',NULL,NULL,NULL,NULL,'2026-11-24 08:00:00.000000','sent',1,'','22','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(23,'reply:telegram:e13:1.0',1,0,'reply','{"question":{"beside":[],"choices":[["e","Le calendrier"],["d","La météo"],["b","L''adresse"],["a","Le nom"],["c","La photo"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"964994d00732","submit":"Valider"},"text":"**Question :** Que retenir de un ? *Plusieurs réponses sont possibles.*\n1. Le calendrier\n2. La météo\n3. L''adresse\n4. Le nom\n5. La photo"}',NULL,NULL,'964994d00732',NULL,'2026-11-24 08:00:00.000000','sent',1,'','23','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(24,'reply:telegram:e13:2.0',1,0,'reply','{"of":"reply:telegram:e2:1.0","text":""}',NULL,NULL,NULL,'reply:telegram:e2:1.0','2026-11-24 08:00:00.000000','sent',1,'','24','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(25,'reply:telegram:e14:0.0',1,0,'reply','{"text":"🟠 **En partie juste.**\nLes bonnes réponses : 3. L''adresse ; 4. Le nom ; 5. La photo\nLe 5 était juste. Parce que.\nCe qui est déjà public peut l''être encore.\n\nCette question reviendra dans les prochains jours.\n\nC’est tout pour aujourd’hui. La suite vient mardi 24 novembre à 08:30."}',NULL,NULL,NULL,NULL,'2026-11-24 08:00:00.000000','sent',1,'','25','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(26,'reply:telegram:e14:1.0',1,0,'reply','{"of":"reply:telegram:e13:1.0","text":""}',NULL,NULL,NULL,'reply:telegram:e13:1.0','2026-11-24 08:00:00.000000','sent',1,'','26','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(27,'reply:telegram:e15:0.0',2,0,'reply','{"text":"❌ **Pas tout à fait.**\nParce que.\nLa bonne réponse : 3. Un texte déjà publié\nPour le 3 : Parce que.\nCe qui est déjà public peut l''être encore.\n\nCette question reviendra dans les prochains jours."}',NULL,NULL,NULL,NULL,'2026-11-24 08:00:00.000000','sent',1,'','27','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(28,'reply:telegram:e15:1.0',2,0,'reply','{"question":{"beside":[],"choices":[["b","L''adresse"],["e","Le calendrier"],["d","La météo"],["c","La photo"],["a","Le nom"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"776e837d116f","submit":"Valider"},"text":"**Question :** Que retenir de un ? *Plusieurs réponses sont possibles.*\n1. L''adresse\n2. Le calendrier\n3. La météo\n4. La photo\n5. Le nom"}',NULL,NULL,'776e837d116f',NULL,'2026-11-24 08:00:00.000000','sent',1,'','28','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(29,'reply:telegram:e15:2.0',2,0,'reply','{"of":"reply:telegram:e4:1.0","text":""}',NULL,NULL,NULL,'reply:telegram:e4:1.0','2026-11-24 08:00:00.000000','sent',1,'','29','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(30,'reply:telegram:e15:3.0',2,0,'reply','{"of":"reply:telegram:e12:0.0","text":""}',NULL,NULL,NULL,'reply:telegram:e12:0.0','2026-11-24 08:00:00.000000','sent',1,'','30','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(31,'reply:telegram:e16:0.0',2,0,'reply','{"text":"✅ **Bonne réponse !**\nCe qui est déjà public peut l''être encore.\n\nC’est tout pour aujourd’hui. La suite vient mardi 24 novembre à 08:30."}',NULL,NULL,NULL,NULL,'2026-11-24 08:00:00.000000','sent',1,'','31','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(32,'reply:telegram:e16:1.0',2,0,'reply','{"of":"reply:telegram:e15:1.0","text":""}',NULL,NULL,NULL,'reply:telegram:e15:1.0','2026-11-24 08:00:00.000000','sent',1,'','32','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000');
INSERT INTO "outbox" VALUES(33,'lesson:1:2026-11-24:0',1,1,'lesson','{"day":"2026-11-24","lesson":"deux"}',1,'66299e64dace013e79d947df3b3ec2ae','8048d1352d0a',NULL,'2026-11-24 10:30:00.000000','sent',1,'','33','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000');
INSERT INTO "outbox" VALUES(34,'lesson:3:2026-11-24:0',3,1,'lesson','{"day":"2026-11-24","lesson":"deux"}',3,'66299e64dace013e79d947df3b3ec2ae','c91a00590889',NULL,'2026-11-24 10:30:00.000000','sent',1,'','34','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000');
INSERT INTO "outbox" VALUES(35,'reply:telegram:e18:0.0',1,0,'reply','{"text":"❌ **Pas tout à fait.**\nParce que.\nLa bonne réponse : 1. Un texte déjà publié\nPour le 1 : Parce que.\nCe qui est déjà public peut l''être encore.\n\nCette question reviendra dans les prochains jours."}',NULL,NULL,NULL,NULL,'2026-11-25 07:00:00.000000','sent',1,'','35','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000');
INSERT INTO "outbox" VALUES(36,'reply:telegram:e18:1.0',1,0,'reply','{"question":{"beside":[],"choices":[["d","La météo"],["e","Le calendrier"],["c","La photo"],["b","L''adresse"],["a","Le nom"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"0cbde7ed1280","submit":"Valider"},"text":"**Question :** Que retenir de deux ? *Plusieurs réponses sont possibles.*\n1. La météo\n2. Le calendrier\n3. La photo\n4. L''adresse\n5. Le nom"}',NULL,NULL,'0cbde7ed1280',NULL,'2026-11-25 07:00:00.000000','sent',1,'','36','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000');
INSERT INTO "outbox" VALUES(37,'reply:telegram:e18:2.0',1,0,'reply','{"of":"lesson:1:2026-11-24:0","text":""}',NULL,NULL,NULL,'lesson:1:2026-11-24:0','2026-11-25 07:00:00.000000','sent',1,'','37','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000');
INSERT INTO "outbox" VALUES(38,'lesson:2:2026-11-24:0',2,1,'lesson','{"day":"2026-11-24","lesson":"deux"}',2,'66299e64dace013e79d947df3b3ec2ae','ca1c5860ab76',NULL,'2026-11-24 21:30:00.000000','sent',1,'','38','2026-11-24 19:00:00.000000','2026-11-24 19:00:00.000000');
INSERT INTO "outbox" VALUES(39,'reply:telegram:e19:0.0',2,0,'reply','{"text":"✅ **Bonne réponse !**\nParce que.\nCe qui est déjà public peut l''être encore."}',NULL,NULL,NULL,NULL,'2026-11-25 18:00:00.000000','sent',1,'','39','2026-11-24 19:00:00.000000','2026-11-24 19:00:00.000000');
INSERT INTO "outbox" VALUES(40,'reply:telegram:e19:1.0',2,0,'reply','{"question":{"beside":[],"choices":[["c","Un arrêté en préparation"],["a","Un texte déjà publié"],["b","Une lettre d''habitant"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"35797a838c73","submit":""},"text":"🔁 **On révise** · Données personnelles\n\n**Question :** Que dire de un ?\n1. Un arrêté en préparation\n2. Un texte déjà publié\n3. Une lettre d''habitant"}',NULL,NULL,'35797a838c73',NULL,'2026-11-25 18:00:00.000000','sent',1,'','40','2026-11-24 19:00:00.000000','2026-11-24 19:00:00.000000');
INSERT INTO "outbox" VALUES(41,'reply:telegram:e19:2.0',2,0,'reply','{"of":"lesson:2:2026-11-24:0","text":""}',NULL,NULL,NULL,'lesson:2:2026-11-24:0','2026-11-25 18:00:00.000000','sent',1,'','41','2026-11-24 19:00:00.000000','2026-11-24 19:00:00.000000');
INSERT INTO "outbox" VALUES(42,'lesson:1:2026-11-25:0',1,1,'lesson','{"day":"2026-11-25","lesson":"trois"}',1,'4db0a10930d3611024b54c4b7d9bd537','d9dd1db95519',NULL,'2026-11-25 10:30:00.000000','sent',1,'','42','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000');
INSERT INTO "outbox" VALUES(43,'lesson:3:2026-11-25:0',3,1,'lesson','{"day":"2026-11-25","lesson":"trois"}',3,'4db0a10930d3611024b54c4b7d9bd537','0f14b58e1c9c',NULL,'2026-11-25 10:30:00.000000','sent',1,'','43','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000');
INSERT INTO "outbox" VALUES(44,'reply:telegram:e20:0.0',1,0,'reply','{"text":"❌ **Pas tout à fait.**\nParce que.\nLa bonne réponse : 2. Un texte déjà publié\nPour le 2 : Parce que.\nCe qui est déjà public peut l''être encore.\n\nCette question reviendra dans les prochains jours."}',NULL,NULL,NULL,NULL,'2026-11-26 07:00:00.000000','sent',1,'','44','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000');
INSERT INTO "outbox" VALUES(45,'reply:telegram:e20:1.0',1,0,'reply','{"question":{"beside":[],"choices":[["c","La photo"],["a","Le nom"],["d","La météo"],["b","L''adresse"],["e","Le calendrier"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"dc47a049834c","submit":"Valider"},"text":"🔁 **On révise** · Données personnelles\n\n**Question :** Que retenir de un ? *Plusieurs réponses sont possibles.*\n1. La photo\n2. Le nom\n3. La météo\n4. L''adresse\n5. Le calendrier"}',NULL,NULL,'dc47a049834c',NULL,'2026-11-26 07:00:00.000000','sent',1,'','45','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000');
INSERT INTO "outbox" VALUES(46,'reply:telegram:e20:2.0',1,0,'reply','{"of":"lesson:1:2026-11-25:0","text":""}',NULL,NULL,NULL,'lesson:1:2026-11-25:0','2026-11-26 07:00:00.000000','sent',1,'','46','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000');
INSERT INTO "outbox" VALUES(47,'lesson:2:2026-11-25:0',2,1,'lesson','{"day":"2026-11-25","lesson":"trois"}',2,'4db0a10930d3611024b54c4b7d9bd537','24a760e0bb49',NULL,'2026-11-25 21:30:00.000000','sent',1,'','47','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(48,'reply:telegram:e21:0.0',2,0,'reply','{"text":"✅ **Bonne réponse !**\nParce que.\nCe qui est déjà public peut l''être encore."}',NULL,NULL,NULL,NULL,'2026-11-26 18:00:00.000000','sent',1,'','48','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(49,'reply:telegram:e21:1.0',2,0,'reply','{"question":{"beside":[],"choices":[["a","Le nom"],["b","L''adresse"],["e","Le calendrier"],["c","La photo"],["d","La météo"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"10ff66b77004","submit":"Valider"},"text":"🔁 **On révise** · Données personnelles\n\n**Question :** Que retenir de un ? *Plusieurs réponses sont possibles.*\n1. Le nom\n2. L''adresse\n3. Le calendrier\n4. La photo\n5. La météo"}',NULL,NULL,'10ff66b77004',NULL,'2026-11-26 18:00:00.000000','sent',1,'','49','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(50,'reply:telegram:e21:2.0',2,0,'reply','{"of":"lesson:2:2026-11-25:0","text":""}',NULL,NULL,NULL,'lesson:2:2026-11-25:0','2026-11-26 18:00:00.000000','sent',1,'','50','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(51,'reply:telegram:e22:0.0',5,2,'reply','{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"e012fbb59299","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}',NULL,NULL,'e012fbb59299',NULL,'2026-11-26 18:00:00.000000','sent',1,'','51','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(52,'reply:telegram:e23:0.0',6,2,'reply','{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"721437172702","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}',NULL,NULL,'721437172702',NULL,'2026-11-26 18:00:00.000000','sent',1,'','52','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(53,'reply:telegram:e24:0.0',6,0,'reply','{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive jeudi 26 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}',NULL,NULL,NULL,NULL,'2026-11-26 18:00:00.000000','sent',1,'','53','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(54,'reply:telegram:e24:1.0',6,0,'reply','{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["a","Un texte déjà publié"],["c","Un arrêté en préparation"],["b","Une lettre d''habitant"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"519af195255f","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Un texte déjà publié\n2. Un arrêté en préparation\n3. Une lettre d''habitant"}',NULL,NULL,'519af195255f',NULL,'2026-11-26 18:00:00.000000','sent',1,'','54','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(55,'reply:telegram:e24:2.0',6,0,'reply','{"of":"reply:telegram:e23:0.0","text":""}',NULL,NULL,NULL,'reply:telegram:e23:0.0','2026-11-26 18:00:00.000000','sent',1,'','55','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(56,'reply:telegram:e25:0.0',6,0,'reply','{"question":{"beside":[],"choices":[["keep","Oui, et garder ma progression"],["erase","Oui, et effacer mes données"],["no","Non, continuer"]],"chosen":[],"form":"menu","multiple":false,"prompt":"e17902de4c88","submit":""},"request":"stop","text":"Voulez-vous arrêter les leçons ?"}',NULL,NULL,'e17902de4c88',NULL,'2026-11-26 18:00:00.000000','sent',1,'','56','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(57,'reply:telegram:e26:0.0',6,0,'reply','{"request":"stop","text":"C’est arrêté, votre progression est gardée. Pour revenir un jour, écrivez **start**. Merci et à bientôt !"}',NULL,NULL,NULL,NULL,'2026-11-26 18:00:00.000000','sent',1,'','57','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(58,'reply:telegram:e26:1.0',6,0,'reply','{"of":"reply:telegram:e25:0.0","request":"stop","text":""}',NULL,NULL,NULL,'reply:telegram:e25:0.0','2026-11-26 18:00:00.000000','sent',1,'','58','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(59,'reply:telegram:e27:0.0',7,2,'reply','{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"ba9e09c061a3","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}',NULL,NULL,'ba9e09c061a3',NULL,'2026-11-26 18:00:00.000000','sent',1,'','59','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(60,'reply:telegram:e32:0.0',8,0,'reply','{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"fc0c7f064008","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}',NULL,NULL,'fc0c7f064008',NULL,'2026-11-26 18:00:00.000000','sent',1,'','67','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(61,'reply:telegram:e33:0.0',8,0,'reply','{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive jeudi 26 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}',NULL,NULL,NULL,NULL,'2026-11-26 18:00:00.000000','sent',1,'','68','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(62,'reply:telegram:e33:1.0',8,0,'reply','{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["c","Un arrêté en préparation"],["a","Un texte déjà publié"],["b","Une lettre d''habitant"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"b5310dc49e11","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Un arrêté en préparation\n2. Un texte déjà publié\n3. Une lettre d''habitant"}',NULL,NULL,'b5310dc49e11',NULL,'2026-11-26 18:00:00.000000','sent',1,'','69','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(63,'reply:telegram:e33:2.0',8,0,'reply','{"of":"reply:telegram:e32:0.0","text":""}',NULL,NULL,NULL,'reply:telegram:e32:0.0','2026-11-26 18:00:00.000000','sent',1,'','70','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(64,'reply:telegram:e34:0.0',8,0,'reply','{"question":{"beside":[],"choices":[["send","Oui, l’envoyer"],["cancel","Annuler"]],"chosen":[],"form":"menu","multiple":false,"prompt":"86e7830c9b29","submit":""},"text":"Voici l’annonce :\n\nLes inscriptions sont ouvertes.\n\nFaut-il l’envoyer à toutes les personnes actives, ni en pause, ni arrêtées ?"}',NULL,NULL,'86e7830c9b29',NULL,'2026-11-26 18:00:00.000000','sent',1,'','71','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(65,'reply:telegram:e35:0.0',8,0,'reply','{"text":"L’annonce part maintenant, sauf pour les personnes en heures calmes ou en jour de repos, qui la recevront après."}',NULL,NULL,NULL,NULL,'2026-11-26 18:00:00.000000','sent',1,'','72','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(66,'reply:telegram:e35:1.0',8,0,'reply','{"of":"reply:telegram:e34:0.0","text":""}',NULL,NULL,NULL,'reply:telegram:e34:0.0','2026-11-26 18:00:00.000000','sent',1,'','73','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(67,'reply:telegram:e36:0.0',8,0,'reply','{"question":{"beside":[],"choices":[["hour","Heure : 08:30"],["days","Jours : du lundi au vendredi"],["zone","Fuseau horaire : Europe/Paris"],["holidays","Jours fériés : France"],["quiet","Heures calmes : 20:00-07:00"],["role","Vous êtes : agent ou agente"],["language","Langue : français"],["data","Mes données"],["rhythm","Questions après la dernière leçon : trois jours par semaine"]],"chosen":[],"form":"menu","multiple":false,"prompt":"e084f185c4f0","submit":""},"request":"reglages","text":"**Vos réglages.** Que voulez-vous changer ?"}',NULL,NULL,'e084f185c4f0',NULL,'2026-11-26 18:00:00.000000','sent',1,'','74','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(68,'reply:telegram:e37:0.0',8,0,'reply','{"request":"aide","text":"Voici ce que vous pouvez écrire :\n- **start** : Commencer, reprendre, ou savoir où vous en êtes\n- **lecon** : Revoir la leçon en cours, ou recevoir la suivante\n- **quiz** : Répondre à une question\n- **progression** : Voir votre progression\n- **reglages** : Changer l’heure, les jours, la langue et le reste\n- **plustard** : La leçon, ou sa question, plus tard aujourd’hui (« plus tard à midi »)\n- **pause** : Ne plus rien recevoir pour l’instant, ou jusqu’à un jour : « pause jusqu’à lundi »\n- **reprendre** : Reprendre après une pause\n- **stop** : Arrêter, et effacer vos données si vous le voulez\n- **mesdonnees** : Recevoir tout ce que je garde de vous\n- **oublier** : Effacer toutes vos données\n- **aide** : Voir ce que vous pouvez écrire\n- **publier**, **stats**, **annonce** : pour l’administration. Envoyez un fichier .yaml pour publier une leçon.\n\nPour répondre à une question, appuyez sur un bouton ou écrivez le numéro de votre choix."}',NULL,NULL,NULL,NULL,'2026-11-26 18:00:00.000000','sent',1,'','75','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
INSERT INTO "outbox" VALUES(69,'reply:telegram:failed:0.0',1,0,'reply','{"text":"Désolé, quelque chose n’a pas fonctionné de mon côté. Votre progression est intacte. Réessayez dans un instant."}',NULL,NULL,NULL,NULL,'2026-11-27 09:00:00.000000','refused',1,'Rejected: no such chat',NULL,'2026-11-26 10:00:00.000000','2026-11-26 10:00:00.000000');
INSERT INTO "outbox" VALUES(70,'reply:late:0.0',2,0,'reply','{"text":"trop tard"}',NULL,NULL,NULL,NULL,'2026-11-25 09:00:00.000000','expired',0,'',NULL,'2026-11-24 10:00:00.000000','2026-11-26 10:00:00.000000');
INSERT INTO "outbox" VALUES(71,'reply:edit:0.0',3,0,'reply','{"of":"reply:telegram:e1:0.0","text":"changé"}',NULL,NULL,NULL,'reply:telegram:e1:0.0','2026-11-27 09:00:00.000000','waiting',0,'',NULL,'2026-11-26 10:00:00.000000',NULL);
INSERT INTO "outbox" VALUES(72,'lesson:1:2026-11-26:0',1,1,'lesson','{"day":"2026-11-26","lesson":"quatre"}',1,'8db51a5f7d24d86074fa2e40328c20ee','1e72421a4f77',NULL,'2026-11-26 10:30:00.000000','waiting',0,'',NULL,'2026-11-26 10:00:00.000000',NULL);
INSERT INTO "outbox" VALUES(73,'lesson:3:2026-11-26:0',3,1,'reminder','{"day":"2026-11-26"}',3,'4db0a10930d3611024b54c4b7d9bd537','0f14b58e1c9c',NULL,'2026-11-26 10:30:00.000000','cancelled',0,'asked',NULL,'2026-11-26 10:00:00.000000','2026-11-26 10:00:00.000000');
INSERT INTO "outbox" VALUES(74,'lesson:7:2026-11-26:0',8,1,'lesson','{"day":"2026-11-26","lesson":"deux"}',7,'66299e64dace013e79d947df3b3ec2ae','6ac8ed6d1490',NULL,'2026-11-26 10:30:00.000000','waiting',0,'',NULL,'2026-11-26 10:00:00.000000',NULL);
INSERT INTO "outbox" VALUES(75,'extra:1:2:0',2,1,'notice','{"broadcast":1}',NULL,NULL,NULL,NULL,'2026-11-27 02:00:00.000000','waiting',0,'',NULL,'2026-11-26 23:00:00.000000',NULL);
CREATE TABLE pending (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	channel VARCHAR(10) NOT NULL, 
	address VARCHAR(255) NOT NULL, 
	event TEXT NOT NULL, 
	crowd BOOLEAN NOT NULL, 
	tries INTEGER NOT NULL, 
	created_at DATETIME NOT NULL
);
INSERT INTO "pending" VALUES(1,'telegram','1001','{"address":"1001","at":"2026-11-26T10:00:00+00:00","channel":"telegram","id":"file","kind":"file"}',0,0,'2026-11-26 10:00:00.000000');
CREATE TABLE pin (
	who VARCHAR(270) NOT NULL, 
	identity VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_pin PRIMARY KEY (who)
);
INSERT INTO "pin" VALUES('matrix:@mairie:example.org','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','2026-11-26 10:00:00.000000');
CREATE TABLE prompt (
	id VARCHAR(16) NOT NULL, 
	learner_id VARCHAR(16) NOT NULL, 
	topic VARCHAR(20) NOT NULL, 
	version VARCHAR(32), 
	question VARCHAR(64), 
	content TEXT NOT NULL, 
	chosen TEXT NOT NULL, 
	message VARCHAR(120), 
	created_at DATETIME NOT NULL, 
	shown_at DATETIME, 
	answered_at DATETIME, 
	given TEXT, 
	verdict VARCHAR(10), 
	ended_at DATETIME, 
	CONSTRAINT pk_prompt PRIMARY KEY (id), 
	CONSTRAINT fk_prompt_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE, 
	CONSTRAINT fk_prompt_version_lesson_version FOREIGN KEY(version) REFERENCES lesson_version (id)
);
INSERT INTO "prompt" VALUES('5adfa480fc2f','19a47e1e70bcc951','consent',NULL,NULL,'{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}','[]','reply:telegram:e1:0.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["yes"]',NULL,NULL);
INSERT INTO "prompt" VALUES('97c7aea590ff','19a47e1e70bcc951','quiz','04da82776b2d89fc40ef58610ece0b09','q1','{"order":["c","b","a"],"purpose":"lesson","step":1,"with_lesson":true}','[]','reply:telegram:e2:1.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["a"]','right',NULL);
INSERT INTO "prompt" VALUES('222d29398214','8468461acbac55e2','consent',NULL,NULL,'{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}','[]','reply:telegram:e3:0.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["yes"]',NULL,NULL);
INSERT INTO "prompt" VALUES('0495199fe9a6','8468461acbac55e2','quiz','04da82776b2d89fc40ef58610ece0b09','q1','{"older":["reply:telegram:e4:1.0"],"order":["b","c","a"],"purpose":"lesson","step":1,"with_lesson":true}','[]','reply:telegram:e12:0.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["b"]','wrong',NULL);
INSERT INTO "prompt" VALUES('165f3d8ccca3','75288bc88fde9392','consent',NULL,NULL,'{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}','[]','reply:telegram:e5:0.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["yes"]',NULL,NULL);
INSERT INTO "prompt" VALUES('e975cdc6bf34','75288bc88fde9392','quiz','04da82776b2d89fc40ef58610ece0b09','q1','{"order":["c","a","b"],"purpose":"lesson","step":1,"with_lesson":true}','[]','reply:telegram:e6:1.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('e63a26960a9a','bd3c43c0fa18e8c5','consent',NULL,NULL,'{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}','[]','reply:telegram:e7:0.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["yes"]',NULL,NULL);
INSERT INTO "prompt" VALUES('931fa600ec7d','bd3c43c0fa18e8c5','quiz','04da82776b2d89fc40ef58610ece0b09','q1','{"order":["c","a","b"],"purpose":"lesson","step":1,"with_lesson":true}','[]','reply:telegram:e8:1.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('f53a591c1093','8468461acbac55e2','settings',NULL,NULL,'{"choices":[["hour","Heure : 08:30",["heure","horaire","changer l''heure","modifier l''heure","heure de la leçon"]],["days","Jours : du lundi au vendredi",["jours","jour","changer les jours","modifier les jours","changer de jours"]],["zone","Fuseau horaire : Europe/Paris",["fuseau","fuseau horaire","changer de fuseau","changer de fuseau horaire","changer le fuseau horaire"]],["holidays","Jours fériés : France",["fériés","jours fériés","changer les jours fériés"]],["quiet","Heures calmes : 20:00-07:00",["calme","heures calmes","changer les heures calmes"]],["role","Vous êtes : agent ou agente",["rôle","vous êtes","changer de rôle","changer mon rôle"]],["language","Langue : français",["langue","changer de langue","changer la langue"]],["data","Mes données",["données","mes données","voir mes données"]],["rhythm","Questions après la dernière leçon : trois jours par semaine",["rythme","questions","rythme des questions","questions après la dernière leçon","après le parcours"]]],"form":"menu","free":false,"hint":"","multiple":false,"text":"**Vos réglages.** Que voulez-vous changer ?"}','[]','reply:telegram:e9:0.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000',NULL,NULL,NULL,'2026-11-23 09:00:00.000000');
INSERT INTO "prompt" VALUES('3ae919195294','8468461acbac55e2','settings.zone',NULL,NULL,'{"choices":[["Europe/Paris","Paris",[]],["America/Guadeloupe","Guadeloupe",[]],["America/Martinique","Martinique",[]],["America/Cayenne","Guyane",[]],["Indian/Reunion","La Réunion",[]],["Indian/Mayotte","Mayotte",[]],["Pacific/Noumea","Nouvelle-Calédonie",[]],["Pacific/Tahiti","Tahiti",[]],["America/Miquelon","Saint-Pierre-et-Miquelon",[]]],"form":"menu","free":true,"hint":"","multiple":false,"text":"Où êtes-vous ? Choisissez, ou écrivez une ville ou le nom de votre fuseau, par exemple : Bruxelles ou Europe/Brussels."}','[]','reply:telegram:e10:0.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["Pacific/Tahiti"]',NULL,NULL);
INSERT INTO "prompt" VALUES('964994d00732','19a47e1e70bcc951','quiz','04da82776b2d89fc40ef58610ece0b09','q2','{"order":["e","d","b","a","c"],"purpose":"lesson","step":2,"with_lesson":false}','[]','reply:telegram:e13:1.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["b","a"]','partly',NULL);
INSERT INTO "prompt" VALUES('776e837d116f','8468461acbac55e2','quiz','04da82776b2d89fc40ef58610ece0b09','q2','{"order":["b","e","d","c","a"],"purpose":"lesson","step":2,"with_lesson":false}','[]','reply:telegram:e15:1.0','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','2026-11-23 09:00:00.000000','["b","c","a"]','right',NULL);
INSERT INTO "prompt" VALUES('8048d1352d0a','19a47e1e70bcc951','quiz','66299e64dace013e79d947df3b3ec2ae','q1','{"order":["a","b","c"],"purpose":"lesson","step":1,"with_lesson":true}','[]','lesson:1:2026-11-24:0','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000','["b"]','wrong',NULL);
INSERT INTO "prompt" VALUES('c91a00590889','75288bc88fde9392','quiz','66299e64dace013e79d947df3b3ec2ae','q1','{"order":["c","b","a"],"purpose":"lesson","step":1,"with_lesson":true}','[]','lesson:3:2026-11-24:0','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('0cbde7ed1280','19a47e1e70bcc951','quiz','66299e64dace013e79d947df3b3ec2ae','q2','{"order":["d","e","c","b","a"],"purpose":"lesson","step":2,"with_lesson":false}','[]','reply:telegram:e18:1.0','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('ca1c5860ab76','8468461acbac55e2','quiz','66299e64dace013e79d947df3b3ec2ae','q1','{"order":["b","a","c"],"purpose":"lesson","step":1,"with_lesson":true}','[]','lesson:2:2026-11-24:0','2026-11-24 19:00:00.000000','2026-11-24 19:00:00.000000','2026-11-24 19:00:00.000000','["a"]','right',NULL);
INSERT INTO "prompt" VALUES('35797a838c73','8468461acbac55e2','quiz','04da82776b2d89fc40ef58610ece0b09','q1','{"order":["c","a","b"],"purpose":"review","step":2,"theme":"Données personnelles","with_lesson":false}','[]','reply:telegram:e19:1.0','2026-11-24 19:00:00.000000','2026-11-24 19:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('d9dd1db95519','19a47e1e70bcc951','quiz','4db0a10930d3611024b54c4b7d9bd537','q1','{"order":["c","a","b"],"purpose":"lesson","step":1,"with_lesson":true}','[]','lesson:1:2026-11-25:0','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000','["c"]','wrong',NULL);
INSERT INTO "prompt" VALUES('0f14b58e1c9c','75288bc88fde9392','quiz','4db0a10930d3611024b54c4b7d9bd537','q1','{"order":["c","a","b"],"purpose":"lesson","step":1,"with_lesson":true}','[]','lesson:3:2026-11-25:0','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('dc47a049834c','19a47e1e70bcc951','quiz','04da82776b2d89fc40ef58610ece0b09','q2','{"order":["c","a","d","b","e"],"purpose":"review","step":2,"theme":"Données personnelles","with_lesson":false}','[]','reply:telegram:e20:1.0','2026-11-25 08:00:00.000000','2026-11-25 08:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('24a760e0bb49','8468461acbac55e2','quiz','4db0a10930d3611024b54c4b7d9bd537','q1','{"order":["b","a","c"],"purpose":"lesson","step":1,"with_lesson":true}','[]','lesson:2:2026-11-25:0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','["a"]','right',NULL);
INSERT INTO "prompt" VALUES('10ff66b77004','8468461acbac55e2','quiz','04da82776b2d89fc40ef58610ece0b09','q2','{"order":["a","b","e","c","d"],"purpose":"review","step":2,"theme":"Données personnelles","with_lesson":false}','[]','reply:telegram:e21:1.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('e012fbb59299','96505506890b09d9','consent',NULL,NULL,'{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}','[]','reply:telegram:e22:0.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('721437172702','42d908762972166c','consent',NULL,NULL,'{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}','[]','reply:telegram:e23:0.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','["yes"]',NULL,NULL);
INSERT INTO "prompt" VALUES('519af195255f','42d908762972166c','quiz','04da82776b2d89fc40ef58610ece0b09','q1','{"order":["a","c","b"],"purpose":"lesson","step":1,"with_lesson":true}','[]','reply:telegram:e24:1.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('e17902de4c88','42d908762972166c','stop',NULL,NULL,'{"choices":[["keep","Oui, et garder ma progression",["arrêter","arrête","arrêtez","arrêter et garder","garder","garde"]],["erase","Oui, et effacer mes données",["effacer","efface","effacez","tout effacer","effacer tout","supprimer","tout supprimer","arrêter et effacer"]],["no","Non, continuer",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","annuler","annule","annulez","continuer","continue","laisser","laisse","laissez","laisse tomber","rien","ne rien changer","ne change rien","ne changez rien","retour","fermer"]]],"form":"menu","free":false,"hint":"Écrivez **arrêter**, **effacer** ou **continuer**.","multiple":false,"text":"Voulez-vous arrêter les leçons ?"}','[]','reply:telegram:e25:0.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','["keep"]',NULL,NULL);
INSERT INTO "prompt" VALUES('ba9e09c061a3','05baa08100de73cd','consent',NULL,NULL,'{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}','[]','reply:telegram:e27:0.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('fc0c7f064008','b5cf9a84d9d31fce','consent',NULL,NULL,'{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}','[]','reply:telegram:e32:0.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','["yes"]',NULL,NULL);
INSERT INTO "prompt" VALUES('b5310dc49e11','b5cf9a84d9d31fce','quiz','04da82776b2d89fc40ef58610ece0b09','q1','{"order":["c","a","b"],"purpose":"lesson","step":1,"with_lesson":true}','[]','reply:telegram:e33:1.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('86e7830c9b29','b5cf9a84d9d31fce','announce',NULL,NULL,'{"choices":[["send","Oui, l’envoyer",["envoyer","envoie","envoyez","l''envoyer"]],["cancel","Annuler",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","annuler","annule","annulez","continuer","continue","laisser","laisse","laissez","laisse tomber","rien","ne rien changer","ne change rien","ne changez rien","retour","fermer"]]],"data":{"text":"Les inscriptions sont ouvertes."},"form":"menu","free":false,"hint":"Écrivez **envoyer** ou **annuler**.","multiple":false,"text":"Voici l’annonce :\n\nLes inscriptions sont ouvertes.\n\nFaut-il l’envoyer à toutes les personnes actives, ni en pause, ni arrêtées ?"}','[]','reply:telegram:e34:0.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000','["send"]',NULL,NULL);
INSERT INTO "prompt" VALUES('e084f185c4f0','b5cf9a84d9d31fce','settings',NULL,NULL,'{"choices":[["hour","Heure : 08:30",["heure","horaire","changer l''heure","modifier l''heure","heure de la leçon"]],["days","Jours : du lundi au vendredi",["jours","jour","changer les jours","modifier les jours","changer de jours"]],["zone","Fuseau horaire : Europe/Paris",["fuseau","fuseau horaire","changer de fuseau","changer de fuseau horaire","changer le fuseau horaire"]],["holidays","Jours fériés : France",["fériés","jours fériés","changer les jours fériés"]],["quiet","Heures calmes : 20:00-07:00",["calme","heures calmes","changer les heures calmes"]],["role","Vous êtes : agent ou agente",["rôle","vous êtes","changer de rôle","changer mon rôle"]],["language","Langue : français",["langue","changer de langue","changer la langue"]],["data","Mes données",["données","mes données","voir mes données"]],["rhythm","Questions après la dernière leçon : trois jours par semaine",["rythme","questions","rythme des questions","questions après la dernière leçon","après le parcours"]]],"form":"menu","free":false,"hint":"","multiple":false,"text":"**Vos réglages.** Que voulez-vous changer ?"}','[]','reply:telegram:e36:0.0','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000',NULL,NULL,NULL,'2026-11-25 19:00:00.000000');
INSERT INTO "prompt" VALUES('1e72421a4f77','19a47e1e70bcc951','quiz','8db51a5f7d24d86074fa2e40328c20ee','q1','{"order":["b","c","a"],"purpose":"lesson","step":1,"with_lesson":true}','[]','lesson:1:2026-11-26:0','2026-11-26 10:00:00.000000',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "prompt" VALUES('6ac8ed6d1490','b5cf9a84d9d31fce','quiz','66299e64dace013e79d947df3b3ec2ae','q1','{"order":["b","a","c"],"purpose":"lesson","step":1,"with_lesson":true}','[]','lesson:7:2026-11-26:0','2026-11-26 10:00:00.000000','2026-11-26 10:00:00.000000',NULL,NULL,NULL,NULL);
CREATE TABLE recall (
	learner_id VARCHAR(16) NOT NULL, 
	lesson_id VARCHAR(64) NOT NULL, 
	memory TEXT, 
	due DATE NOT NULL, 
	failed VARCHAR(64), 
	asked TEXT NOT NULL, 
	CONSTRAINT pk_recall PRIMARY KEY (learner_id, lesson_id), 
	CONSTRAINT fk_recall_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE
);
INSERT INTO "recall" VALUES('19a47e1e70bcc951','un','{"difficulty":7.394502741279718,"last":"2026-11-23","stability":0.7750839828558984}','2026-11-25','q2','{"q1":[1,"2026-11-23"],"q2":[1,"2026-11-23"]}');
INSERT INTO "recall" VALUES('8468461acbac55e2','un','{"difficulty":6.402115069296838,"last":"2026-11-22","stability":0.24668918777567272}','2026-11-24','q1','{"q1":[1,"2026-11-22"],"q2":[1,"2026-11-22"]}');
INSERT INTO "recall" VALUES('75288bc88fde9392','un',NULL,'2026-11-25',NULL,'{}');
INSERT INTO "recall" VALUES('bd3c43c0fa18e8c5','un',NULL,'2026-11-25',NULL,'{}');
INSERT INTO "recall" VALUES('19a47e1e70bcc951','deux','{"difficulty":6.4133,"last":"2026-11-24","stability":0.212}','2026-11-26','q1','{"q1":[1,"2026-11-24"]}');
INSERT INTO "recall" VALUES('75288bc88fde9392','deux',NULL,'2026-11-26',NULL,'{}');
INSERT INTO "recall" VALUES('8468461acbac55e2','deux','{"difficulty":2.118103970459016,"last":"2026-11-24","stability":2.3065}','2026-11-28',NULL,'{"q1":[1,"2026-11-24"]}');
INSERT INTO "recall" VALUES('19a47e1e70bcc951','trois','{"difficulty":6.4133,"last":"2026-11-25","stability":0.212}','2026-11-27','q1','{"q1":[1,"2026-11-25"]}');
INSERT INTO "recall" VALUES('75288bc88fde9392','trois',NULL,'2026-11-27',NULL,'{}');
INSERT INTO "recall" VALUES('8468461acbac55e2','trois','{"difficulty":2.118103970459016,"last":"2026-11-25","stability":2.3065}','2026-11-29',NULL,'{"q1":[1,"2026-11-25"]}');
INSERT INTO "recall" VALUES('42d908762972166c','un',NULL,'2026-11-27',NULL,'{}');
INSERT INTO "recall" VALUES('b5cf9a84d9d31fce','un',NULL,'2026-11-27',NULL,'{}');
CREATE TABLE reconciliation (
	day DATE NOT NULL, 
	planned INTEGER NOT NULL, 
	outcomes TEXT NOT NULL, 
	erased TEXT NOT NULL, 
	closed_at DATETIME, 
	CONSTRAINT pk_reconciliation PRIMARY KEY (day)
);
INSERT INTO "reconciliation" VALUES('2026-11-24',3,'{"within_10s":2}','{}','2026-11-26 10:00:00.000000');
INSERT INTO "reconciliation" VALUES('2026-11-25',3,'{}','{}',NULL);
INSERT INTO "reconciliation" VALUES('2026-11-26',4,'{}','{}',NULL);
CREATE TABLE seen (
	channel VARCHAR(10) NOT NULL, 
	event_id VARCHAR(200) NOT NULL, 
	at DATETIME NOT NULL, 
	failed BOOLEAN NOT NULL, 
	CONSTRAINT pk_seen PRIMARY KEY (channel, event_id)
);
INSERT INTO "seen" VALUES('telegram','e1','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e2','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e3','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e4','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e5','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e6','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e7','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e8','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e9','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e10','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e11','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e12','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e13','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e14','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e15','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e16','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e17','2026-11-23 09:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e18','2026-11-24 08:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e19','2026-11-24 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e20','2026-11-25 08:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e21','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e22','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e23','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e24','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e25','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e26','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e27','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e28','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e29','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e30','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e31','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e32','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e33','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e34','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e35','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e36','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','e37','2026-11-25 19:00:00.000000',0);
INSERT INTO "seen" VALUES('telegram','failed','2026-11-26 10:00:00.000000',1);
CREATE TABLE tally (
	learner_id VARCHAR(16) NOT NULL, 
	"right" INTEGER NOT NULL, 
	partly INTEGER NOT NULL, 
	wrong INTEGER NOT NULL, 
	days VARCHAR(120) NOT NULL, 
	CONSTRAINT pk_tally PRIMARY KEY (learner_id), 
	CONSTRAINT fk_tally_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE
);
INSERT INTO "tally" VALUES('19a47e1e70bcc951',1,1,2,'2026-11-25 7');
INSERT INTO "tally" VALUES('8468461acbac55e2',3,0,1,'2026-11-25 b');
CREATE TABLE to_forget (
	channel VARCHAR(10) NOT NULL, 
	device VARCHAR(8) NOT NULL, 
	address VARCHAR(255) NOT NULL, 
	at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	CONSTRAINT pk_to_forget PRIMARY KEY (channel, device, address)
);
INSERT INTO "to_forget" VALUES('telegram','505baa63','1007','2026-11-25 19:00:00.000000','2026-11-25 19:00:00.000000');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('enrolment',7);
INSERT INTO "sqlite_sequence" VALUES('erasure',1);
INSERT INTO "sqlite_sequence" VALUES('pending',1);
CREATE INDEX ix_address_account ON address (channel, account, id) WHERE account IS NOT NULL;
CREATE INDEX ix_address_learner_id ON address (learner_id);
CREATE INDEX ix_attestation_issued_at ON attestation (issued_at);
CREATE INDEX ix_attestation_learner_id ON attestation (learner_id);
CREATE INDEX ix_broadcast_next_at ON broadcast (next_at);
CREATE INDEX ix_conversation_ready ON conversation (channel, priority, ready_at) WHERE token IS NULL;
CREATE INDEX ix_enrolment_due ON enrolment (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX ix_learner_erased ON learner (created_at) WHERE state = 'erased';
CREATE INDEX ix_lesson_version_lesson_id ON lesson_version (lesson_id);
CREATE INDEX ix_outbox_address ON outbox (address_id, state, id);
CREATE INDEX ix_outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX ix_outbox_planned ON outbox (enrolment_id) WHERE state = 'waiting';
CREATE INDEX ix_pending_address ON pending (channel, address);
CREATE INDEX ix_prompt_answered ON prompt (learner_id, answered_at);
CREATE INDEX ix_prompt_menu ON prompt (created_at) WHERE topic <> 'quiz';
CREATE INDEX ix_prompt_open ON prompt (learner_id, created_at) WHERE answered_at IS NULL;
CREATE INDEX ix_recall_due ON recall (learner_id, due);
CREATE INDEX ix_recall_failed ON recall (learner_id, due) WHERE failed IS NOT NULL;
CREATE INDEX ix_seen_at ON seen (at);
CREATE UNIQUE INDEX uq_address_channel ON address (channel, address);
COMMIT;
