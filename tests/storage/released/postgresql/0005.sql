-- SPDX-FileCopyrightText: 2026 IAventure contributors
-- SPDX-License-Identifier: MIT

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.address (
    id integer NOT NULL,
    channel character varying(10) NOT NULL,
    address character varying(255) NOT NULL,
    learner_id character varying(16) NOT NULL,
    refusals integer DEFAULT 0 NOT NULL,
    account character varying(255)
);
CREATE SEQUENCE public.address_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.address_id_seq OWNED BY public.address.id;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.attestation (
    code_hash character varying(64) NOT NULL,
    name_hash character varying(64) NOT NULL,
    path character varying(16) NOT NULL,
    course_version character varying(64) NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    facts text NOT NULL,
    learner_id character varying(16)
);
CREATE TABLE public.audit (
    id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    by character varying(270) NOT NULL,
    action character varying(40) NOT NULL,
    subject character varying(120) NOT NULL,
    detail text NOT NULL
);
CREATE SEQUENCE public.audit_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_id_seq OWNED BY public.audit.id;
CREATE TABLE public.broadcast (
    id integer NOT NULL,
    version character varying(32),
    text text NOT NULL,
    roles text NOT NULL,
    passed integer NOT NULL,
    left_until timestamp with time zone,
    next_at timestamp with time zone,
    ends_at timestamp with time zone NOT NULL,
    created_by character varying(270) NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.broadcast_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.broadcast_id_seq OWNED BY public.broadcast.id;
CREATE TABLE public.conversation (
    address_id integer NOT NULL,
    channel character varying(10) NOT NULL,
    priority integer NOT NULL,
    ready_at timestamp with time zone NOT NULL,
    token character varying(16),
    sending bigint
);
CREATE TABLE public.counter (
    name character varying(40) NOT NULL,
    n bigint NOT NULL
);
CREATE TABLE public.course (
    id character varying(64) NOT NULL,
    content text NOT NULL
);
CREATE TABLE public.delivered (
    enrolment_id integer NOT NULL,
    lesson_id character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    version character varying(32)
);
CREATE TABLE public.device (
    channel character varying(10) NOT NULL,
    id character varying(8) NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
CREATE TABLE public.enrolment (
    id integer NOT NULL,
    learner_id character varying(16) NOT NULL,
    course_id character varying(64) NOT NULL,
    "position" character varying(64),
    schedule text NOT NULL,
    next_at timestamp with time zone,
    slot date,
    silent integer NOT NULL,
    until date,
    slots character varying(40) DEFAULT ''::character varying NOT NULL,
    offered_on date,
    finished_at timestamp with time zone,
    rhythm character varying(10) DEFAULT 'normal'::character varying NOT NULL,
    badges text
);
CREATE SEQUENCE public.enrolment_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.enrolment_id_seq OWNED BY public.enrolment.id;
CREATE TABLE public.erasure (
    n integer NOT NULL,
    at timestamp with time zone NOT NULL,
    learner_id character varying(16) NOT NULL
);
CREATE SEQUENCE public.erasure_n_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.erasure_n_seq OWNED BY public.erasure.n;
CREATE TABLE public.kept_transaction (
    id character varying(32) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.learner (
    id character varying(16) NOT NULL,
    language character varying(2) NOT NULL,
    role character varying(16) NOT NULL,
    state character varying(10) NOT NULL,
    pause_reason character varying(10) NOT NULL,
    notice character varying(10) NOT NULL,
    consented_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    pictures boolean DEFAULT true NOT NULL
);
CREATE TABLE public.lesson (
    id character varying(64) NOT NULL,
    course_id character varying(64) NOT NULL,
    theme character varying(64) NOT NULL,
    place integer NOT NULL,
    version character varying(32) NOT NULL,
    reset_on date
);
CREATE TABLE public.lesson_version (
    id character varying(32) NOT NULL,
    lesson_id character varying(64) NOT NULL,
    content text NOT NULL,
    published_by character varying(255) NOT NULL,
    published_at timestamp with time zone NOT NULL,
    held boolean NOT NULL,
    reason character varying(200) DEFAULT ''::character varying NOT NULL,
    refused_by integer,
    given_at timestamp with time zone
);
CREATE TABLE public.outbox (
    id bigint NOT NULL,
    key character varying(120) NOT NULL,
    address_id integer NOT NULL,
    priority integer NOT NULL,
    kind character varying(10) NOT NULL,
    content text NOT NULL,
    enrolment_id integer,
    version character varying(32),
    prompt character varying(16),
    target character varying(120),
    not_after timestamp with time zone,
    state character varying(10) NOT NULL,
    attempts integer NOT NULL,
    reason character varying(200) NOT NULL,
    ref character varying(255),
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);
CREATE SEQUENCE public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.outbox_id_seq OWNED BY public.outbox.id;
CREATE TABLE public.pending (
    id integer NOT NULL,
    channel character varying(10) NOT NULL,
    address character varying(255) NOT NULL,
    event text NOT NULL,
    crowd boolean NOT NULL,
    tries integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.pending_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.pending_id_seq OWNED BY public.pending.id;
CREATE TABLE public.pin (
    who character varying(270) NOT NULL,
    identity character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.prompt (
    id character varying(16) NOT NULL,
    learner_id character varying(16) NOT NULL,
    topic character varying(20) NOT NULL,
    version character varying(32),
    question character varying(64),
    content text NOT NULL,
    chosen text NOT NULL,
    message character varying(120),
    created_at timestamp with time zone NOT NULL,
    shown_at timestamp with time zone,
    answered_at timestamp with time zone,
    given text,
    verdict character varying(10),
    ended_at timestamp with time zone
);
CREATE TABLE public.recall (
    learner_id character varying(16) NOT NULL,
    lesson_id character varying(64) NOT NULL,
    memory text,
    due date NOT NULL,
    failed character varying(64),
    asked text NOT NULL
);
CREATE TABLE public.reconciliation (
    day date NOT NULL,
    planned integer NOT NULL,
    outcomes text NOT NULL,
    erased text NOT NULL,
    closed_at timestamp with time zone
);
CREATE TABLE public.seen (
    channel character varying(10) NOT NULL,
    event_id character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL,
    failed boolean NOT NULL
);
CREATE TABLE public.tally (
    learner_id character varying(16) NOT NULL,
    "right" integer NOT NULL,
    partly integer NOT NULL,
    wrong integer NOT NULL,
    days character varying(120) NOT NULL
);
CREATE TABLE public.to_forget (
    channel character varying(10) NOT NULL,
    device character varying(8) NOT NULL,
    address character varying(255) NOT NULL,
    at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.address ALTER COLUMN id SET DEFAULT nextval('public.address_id_seq'::regclass);
ALTER TABLE ONLY public.audit ALTER COLUMN id SET DEFAULT nextval('public.audit_id_seq'::regclass);
ALTER TABLE ONLY public.broadcast ALTER COLUMN id SET DEFAULT nextval('public.broadcast_id_seq'::regclass);
ALTER TABLE ONLY public.enrolment ALTER COLUMN id SET DEFAULT nextval('public.enrolment_id_seq'::regclass);
ALTER TABLE ONLY public.erasure ALTER COLUMN n SET DEFAULT nextval('public.erasure_n_seq'::regclass);
ALTER TABLE ONLY public.outbox ALTER COLUMN id SET DEFAULT nextval('public.outbox_id_seq'::regclass);
ALTER TABLE ONLY public.pending ALTER COLUMN id SET DEFAULT nextval('public.pending_id_seq'::regclass);
INSERT INTO public.address VALUES (2, 'telegram', '1002', 'c07fc84adc47a049', 0, NULL);
INSERT INTO public.address VALUES (3, 'telegram', '1003', 'c4f006e30ec7a4ab', 0, NULL);
INSERT INTO public.address VALUES (4, 'telegram', '1004', '5705517daec1245c', 0, NULL);
INSERT INTO public.address VALUES (5, 'telegram', '1005', 'c6ba74f3402b48ca', 0, NULL);
INSERT INTO public.address VALUES (6, 'telegram', '1006', '70eceb4f125d1a30', 0, NULL);
INSERT INTO public.address VALUES (7, 'telegram', '1008', '880d258449268e07', 0, '@lea:example.org');
INSERT INTO public.address VALUES (9, 'telegram', 'mairie', '676bc771fbca7c43', 0, NULL);
INSERT INTO public.address VALUES (1, 'telegram', '1001', '8468461acbac55e2', 1, NULL);
INSERT INTO public.alembic_version VALUES ('0005');
INSERT INTO public.attestation VALUES ('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 'agent', 'v', '2026-11-26 10:00:00+00', '{}', 'c4f006e30ec7a4ab');
INSERT INTO public.audit VALUES (1, '2026-11-25 19:00:00+00', 'telegram:mairie', 'announce', '1', 'Les inscriptions sont ouvertes.');
INSERT INTO public.broadcast VALUES (2, '8db51a5f7d24d86074fa2e40328c20ee', '', '["agent"]', 0, NULL, '2026-11-26 10:00:00+00', '2026-12-03 10:00:00+00', 'telegram:mairie', '2026-11-26 10:00:00+00');
INSERT INTO public.broadcast VALUES (1, NULL, 'Les inscriptions sont ouvertes.', '["agent","elu","ambassadeur"]', 7, '2026-11-27 06:00:00+00', '2026-11-25 19:00:00+00', '2026-12-02 19:00:00+00', 'telegram:mairie', '2026-11-25 19:00:00+00');
INSERT INTO public.conversation VALUES (3, 'telegram', 0, '2026-11-26 10:00:00+00', '0123456789abcdef', 78);
INSERT INTO public.conversation VALUES (9, 'telegram', 1, '2026-11-26 10:00:00+00', '0123456789abcdef', 81);
INSERT INTO public.conversation VALUES (1, 'telegram', 1, '2026-11-26 10:00:00+00', NULL, NULL);
INSERT INTO public.conversation VALUES (2, 'telegram', 1, '2026-11-26 23:00:00+00', NULL, NULL);
INSERT INTO public.counter VALUES ('pruned.goodbye.sent', 2);
INSERT INTO public.counter VALUES ('pruned.reply.sent', 10);
INSERT INTO public.course VALUES ('ia-collectivites', '{"id":"ia-collectivites","language":"fr","paths":[],"themes":[{"id":"donnees-personnelles","summary":"Ce qu''on protège.","title":"Données personnelles"},{"id":"ia-frugale","summary":"Ce qu''on dépense.","title":"IA frugale"}],"title":"L''IA au service du public"}');
INSERT INTO public.delivered VALUES (1, 'un', '2026-11-23 09:00:00+00', '04da82776b2d89fc40ef58610ece0b09');
INSERT INTO public.delivered VALUES (2, 'un', '2026-11-23 09:00:00+00', '04da82776b2d89fc40ef58610ece0b09');
INSERT INTO public.delivered VALUES (3, 'un', '2026-11-23 09:00:00+00', '04da82776b2d89fc40ef58610ece0b09');
INSERT INTO public.delivered VALUES (4, 'un', '2026-11-23 09:00:00+00', '04da82776b2d89fc40ef58610ece0b09');
INSERT INTO public.delivered VALUES (1, 'deux', '2026-11-24 08:00:00+00', '66299e64dace013e79d947df3b3ec2ae');
INSERT INTO public.delivered VALUES (3, 'deux', '2026-11-24 08:00:00+00', '66299e64dace013e79d947df3b3ec2ae');
INSERT INTO public.delivered VALUES (2, 'deux', '2026-11-24 19:00:00+00', '66299e64dace013e79d947df3b3ec2ae');
INSERT INTO public.delivered VALUES (1, 'trois', '2026-11-25 08:00:00+00', '4db0a10930d3611024b54c4b7d9bd537');
INSERT INTO public.delivered VALUES (3, 'trois', '2026-11-25 08:00:00+00', '4db0a10930d3611024b54c4b7d9bd537');
INSERT INTO public.delivered VALUES (2, 'trois', '2026-11-25 19:00:00+00', '4db0a10930d3611024b54c4b7d9bd537');
INSERT INTO public.delivered VALUES (5, 'un', '2026-11-25 19:00:00+00', '04da82776b2d89fc40ef58610ece0b09');
INSERT INTO public.delivered VALUES (7, 'un', '2026-11-25 19:00:00+00', '04da82776b2d89fc40ef58610ece0b09');
INSERT INTO public.device VALUES ('telegram', '505baa63', '2026-11-25 19:00:00+00');
INSERT INTO public.enrolment VALUES (4, '5705517daec1245c', 'ia-collectivites', 'un', '{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}', NULL, '2026-11-23', 0, NULL, '2026-11-23 1', NULL, NULL, 'normal', NULL);
INSERT INTO public.enrolment VALUES (2, 'c07fc84adc47a049', 'ia-collectivites', 'trois', '{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Pacific/Tahiti","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}', '2026-11-26 18:30:00+00', '2026-11-25', 0, NULL, '2026-11-25 7', NULL, NULL, 'normal', NULL);
INSERT INTO public.enrolment VALUES (5, '70eceb4f125d1a30', 'ia-collectivites', 'un', '{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}', NULL, '2026-11-25', 0, NULL, '2026-11-25 1', NULL, NULL, 'normal', NULL);
INSERT INTO public.enrolment VALUES (1, '8468461acbac55e2', 'ia-collectivites', 'trois', '{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}', '2026-11-27 07:30:00+00', '2026-11-26', 0, NULL, '2026-11-25 7', NULL, NULL, 'normal', NULL);
INSERT INTO public.enrolment VALUES (7, '676bc771fbca7c43', 'ia-collectivites', 'un', '{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}', '2026-11-27 07:30:00+00', '2026-11-26', 0, NULL, '2026-11-25 1', NULL, NULL, 'normal', NULL);
INSERT INTO public.enrolment VALUES (3, 'c4f006e30ec7a4ab', 'ia-collectivites', 'trois', '{"days":["mon","tue","wed","thu","fri"],"time":"08:30","time_zone":"Europe/Paris","holidays":"FR","window":"0m","grace":"3h","quiet":"20:00-07:00"}', '2026-11-27 07:30:00+00', '2026-11-26', 2, '2026-11-26', '2026-11-25 7', '2026-11-26', '2026-11-26 10:00:00+00', 'normal', '{"bases":"2026-11-26"}');
INSERT INTO public.erasure VALUES (1, '2026-11-25 19:00:00+00', '04647a4df0505837');
INSERT INTO public.learner VALUES ('8468461acbac55e2', 'fr', 'agent', 'active', '', '2026-12-2', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', true);
INSERT INTO public.learner VALUES ('c07fc84adc47a049', 'fr', 'agent', 'active', '', '2026-12-2', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', true);
INSERT INTO public.learner VALUES ('c4f006e30ec7a4ab', 'fr', 'agent', 'active', '', '2026-12-2', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', true);
INSERT INTO public.learner VALUES ('5705517daec1245c', 'fr', 'agent', 'paused', 'gone', '2026-12-2', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', true);
INSERT INTO public.learner VALUES ('c6ba74f3402b48ca', 'fr', 'agent', 'invited', '', '', NULL, '2026-11-25 19:00:00+00', true);
INSERT INTO public.learner VALUES ('70eceb4f125d1a30', 'fr', 'agent', 'stopped', '', '2026-12-2', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', true);
INSERT INTO public.learner VALUES ('880d258449268e07', 'fr', 'agent', 'invited', '', '', NULL, '2026-11-25 19:00:00+00', true);
INSERT INTO public.learner VALUES ('676bc771fbca7c43', 'fr', 'agent', 'active', '', '2026-12-2', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', true);
INSERT INTO public.lesson VALUES ('un', 'ia-collectivites', 'donnees-personnelles', 1, '04da82776b2d89fc40ef58610ece0b09', NULL);
INSERT INTO public.lesson VALUES ('trois', 'ia-collectivites', 'donnees-personnelles', 3, '4db0a10930d3611024b54c4b7d9bd537', NULL);
INSERT INTO public.lesson VALUES ('quatre', 'ia-collectivites', 'donnees-personnelles', 4, '8db51a5f7d24d86074fa2e40328c20ee', NULL);
INSERT INTO public.lesson VALUES ('cinq', 'ia-collectivites', 'donnees-personnelles', 5, '97adffdd8f5bf948472959f10bd260ee', NULL);
INSERT INTO public.lesson VALUES ('six', 'ia-collectivites', 'donnees-personnelles', 6, 'cdba9bc9ef773476be04e9e38d93ecec', NULL);
INSERT INTO public.lesson VALUES ('deux', 'ia-collectivites', 'donnees-personnelles', 2, '66299e64dace013e79d947df3b3ec2ae', '2026-11-24');
INSERT INTO public.lesson_version VALUES ('04da82776b2d89fc40ef58610ece0b09', 'un', '{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"un","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de un ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de un ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de un"}', 'cli:test', '2026-11-23 09:00:00+00', false, '', NULL, NULL);
INSERT INTO public.lesson_version VALUES ('97adffdd8f5bf948472959f10bd260ee', 'cinq', '{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"cinq","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de cinq ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de cinq ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de cinq"}', 'cli:test', '2026-11-23 09:00:00+00', false, '', NULL, NULL);
INSERT INTO public.lesson_version VALUES ('4db0a10930d3611024b54c4b7d9bd537', 'trois', '{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"trois","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de trois ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de trois ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de trois"}', 'cli:test', '2026-11-23 09:00:00+00', false, '', NULL, '2026-11-25 08:00:00+00');
INSERT INTO public.lesson_version VALUES ('8db51a5f7d24d86074fa2e40328c20ee', 'quatre', '{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"quatre","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de quatre ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de quatre ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de quatre"}', 'cli:test', '2026-11-23 09:00:00+00', true, 'BadRequest: Message is too long', NULL, NULL);
INSERT INTO public.lesson_version VALUES ('66299e64dace013e79d947df3b3ec2ae', 'deux', '{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"deux","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de deux ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de deux ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de deux"}', 'cli:test', '2026-11-23 09:00:00+00', false, '', NULL, '2026-11-24 08:00:00+00');
INSERT INTO public.lesson_version VALUES ('cdba9bc9ef773476be04e9e38d93ecec', 'six', '{"audience":["agent","elu"],"authorship":{"ai_assisted":true,"reviewed_by":null,"reviewed_on":null},"body":"Un assistant **garde** ce qu''on lui donne.\n\n- un\n- deux","facts":["DP-02"],"id":"six","level":1,"objective":"Savoir ce qui peut être collé","questions":[{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Un texte déjà publié"},{"correct":false,"feedback":"Parce que.","text":"Une lettre d''habitant"},{"correct":false,"feedback":"Parce que.","text":"Un arrêté en préparation"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q1","kind":"single","text":"Que dire de six ?","tolerance":"0","unit":""},{"answer":null,"choices":[{"correct":true,"feedback":"Parce que.","text":"Le nom"},{"correct":true,"feedback":"Parce que.","text":"L''adresse"},{"correct":true,"feedback":"Parce que.","text":"La photo"},{"correct":false,"feedback":"Parce que.","text":"La météo"},{"correct":false,"feedback":"Parce que.","text":"Le calendrier"}],"explanation":"Ce qui est déjà public peut l''être encore.","id":"q2","kind":"multiple","text":"Que retenir de six ?","tolerance":"0","unit":""}],"review_by":"2030-01-01","sources":[{"checked":"2026-11-01","date":"2024-07-18","publisher":"CNIL","title":"Les questions-réponses","url":"https://www.cnil.fr/fr/reponses"}],"takeaway":"On ne colle que ce qui est public.","theme":"donnees-personnelles","title":"Titre de six"}', 'cli:test', '2026-11-23 09:00:00+00', false, '', 3, NULL);
INSERT INTO public.outbox VALUES (6, 'reply:telegram:e4:0.0', 2, 0, 'reply', '{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive mardi 24 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}', NULL, NULL, NULL, NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '6', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (7, 'reply:telegram:e4:1.0', 2, 0, 'reply', '{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["b","Une lettre d''habitant"],["a","Un texte déjà publié"],["c","Un arrêté en préparation"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"255ff08d98c0","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Une lettre d''habitant\n2. Un texte déjà publié\n3. Un arrêté en préparation"}', NULL, NULL, '255ff08d98c0', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '7', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (8, 'reply:telegram:e4:2.0', 2, 0, 'reply', '{"of":"reply:telegram:e3:0.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e3:0.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '8', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (9, 'reply:telegram:e5:0.0', 3, 2, 'reply', '{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"1e72421a4f77","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', NULL, NULL, '1e72421a4f77', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '9', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (10, 'reply:telegram:e6:0.0', 3, 0, 'reply', '{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive mardi 24 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}', NULL, NULL, NULL, NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '10', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (12, 'reply:telegram:e6:2.0', 3, 0, 'reply', '{"of":"reply:telegram:e5:0.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e5:0.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '12', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (11, 'reply:telegram:e6:1.0', 3, 0, 'reply', '{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["b","Une lettre d''habitant"],["c","Un arrêté en préparation"],["a","Un texte déjà publié"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"5fcaa9f567d1","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Une lettre d''habitant\n2. Un arrêté en préparation\n3. Un texte déjà publié"}', NULL, NULL, '5fcaa9f567d1', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '11', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (13, 'reply:telegram:e7:0.0', 4, 2, 'reply', '{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"a90fe8eb168e","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', NULL, NULL, 'a90fe8eb168e', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '13', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (14, 'reply:telegram:e8:0.0', 4, 0, 'reply', '{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive mardi 24 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}', NULL, NULL, NULL, NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '14', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (15, 'reply:telegram:e8:1.0', 4, 0, 'reply', '{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["b","Une lettre d''habitant"],["c","Un arrêté en préparation"],["a","Un texte déjà publié"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"79ea2875d62b","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Une lettre d''habitant\n2. Un arrêté en préparation\n3. Un texte déjà publié"}', NULL, NULL, '79ea2875d62b', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '15', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (16, 'reply:telegram:e8:2.0', 4, 0, 'reply', '{"of":"reply:telegram:e7:0.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e7:0.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '16', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (17, 'reply:telegram:e9:0.0', 2, 0, 'reply', '{"question":{"beside":[],"choices":[["hour","Heure : 08:30"],["days","Jours : du lundi au vendredi"],["zone","Fuseau horaire : Europe/Paris"],["holidays","Jours fériés : France"],["quiet","Heures calmes : 20:00-07:00"],["role","Vous êtes : agent ou agente"],["language","Langue : français"],["data","Mes données"],["rhythm","Questions après la dernière leçon : trois jours par semaine"]],"chosen":[],"form":"menu","multiple":false,"prompt":"1da39703065d","submit":""},"request":"reglages","text":"**Vos réglages.** Que voulez-vous changer ?"}', NULL, NULL, '1da39703065d', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '17', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (18, 'reply:telegram:e10:0.0', 2, 0, 'reply', '{"question":{"beside":[],"choices":[["Europe/Paris","Paris"],["America/Guadeloupe","Guadeloupe"],["America/Martinique","Martinique"],["America/Cayenne","Guyane"],["Indian/Reunion","La Réunion"],["Indian/Mayotte","Mayotte"],["Pacific/Noumea","Nouvelle-Calédonie"],["Pacific/Tahiti","Tahiti"],["America/Miquelon","Saint-Pierre-et-Miquelon"]],"chosen":[],"form":"menu","multiple":false,"prompt":"cecdbe442251","submit":""},"text":"Où êtes-vous ? Choisissez, ou écrivez une ville ou le nom de votre fuseau, par exemple : Bruxelles ou Europe/Brussels."}', NULL, NULL, 'cecdbe442251', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '18', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (19, 'reply:telegram:e11:0.0', 2, 0, 'reply', '{"text":"C’est noté. Fuseau horaire : Pacific/Tahiti.\nProchaine leçon : mardi 24 novembre à 08:30."}', NULL, NULL, NULL, NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '19', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (20, 'reply:telegram:e11:1.0', 2, 0, 'reply', '{"of":"reply:telegram:e10:0.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e10:0.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '20', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (21, 'reply:telegram:e12:0.0', 2, 0, 'reply', '{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["b","Une lettre d''habitant"],["a","Un texte déjà publié"],["c","Un arrêté en préparation"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"255ff08d98c0","submit":""},"request":"quiz","text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Une lettre d''habitant\n2. Un texte déjà publié\n3. Un arrêté en préparation"}', NULL, NULL, '255ff08d98c0', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '21', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (22, 'reply:telegram:e13:0.0', 1, 0, 'reply', '{"text":"✅ **Bonne réponse !**\nParce que.\nCe qui est déjà public peut l''être encore."}', NULL, NULL, NULL, NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '22', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (23, 'reply:telegram:e13:1.0', 1, 0, 'reply', '{"question":{"beside":[],"choices":[["a","Le nom"],["e","Le calendrier"],["d","La météo"],["b","L''adresse"],["c","La photo"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"4429d6586a1c","submit":"Valider"},"text":"**Question :** Que retenir de un ? *Plusieurs réponses sont possibles.*\n1. Le nom\n2. Le calendrier\n3. La météo\n4. L''adresse\n5. La photo"}', NULL, NULL, '4429d6586a1c', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '23', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (24, 'reply:telegram:e13:2.0', 1, 0, 'reply', '{"of":"reply:telegram:e2:1.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e2:1.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '24', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (26, 'reply:telegram:e14:1.0', 1, 0, 'reply', '{"of":"reply:telegram:e13:1.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e13:1.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '26', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (25, 'reply:telegram:e14:0.0', 1, 0, 'reply', '{"text":"🟠 **En partie juste.**\nLes bonnes réponses : 1. Le nom ; 4. L''adresse ; 5. La photo\nLe 5 était juste. Parce que.\nCe qui est déjà public peut l''être encore.\n\nCette question reviendra dans les prochains jours.\n\nC’est tout pour aujourd’hui. La suite vient mardi 24 novembre à 08:30."}', NULL, NULL, NULL, NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '25', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (27, 'reply:telegram:e15:0.0', 2, 0, 'reply', '{"text":"❌ **Pas tout à fait.**\nParce que.\nLa bonne réponse : 2. Un texte déjà publié\nPour le 2 : Parce que.\nCe qui est déjà public peut l''être encore.\n\nCette question reviendra dans les prochains jours."}', NULL, NULL, NULL, NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '27', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (28, 'reply:telegram:e15:1.0', 2, 0, 'reply', '{"question":{"beside":[],"choices":[["b","L''adresse"],["d","La météo"],["c","La photo"],["e","Le calendrier"],["a","Le nom"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"cb823d05e34d","submit":"Valider"},"text":"**Question :** Que retenir de un ? *Plusieurs réponses sont possibles.*\n1. L''adresse\n2. La météo\n3. La photo\n4. Le calendrier\n5. Le nom"}', NULL, NULL, 'cb823d05e34d', NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '28', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (29, 'reply:telegram:e15:2.0', 2, 0, 'reply', '{"of":"reply:telegram:e4:1.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e4:1.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '29', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (30, 'reply:telegram:e15:3.0', 2, 0, 'reply', '{"of":"reply:telegram:e12:0.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e12:0.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '30', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (31, 'reply:telegram:e16:0.0', 2, 0, 'reply', '{"text":"✅ **Bonne réponse !**\nCe qui est déjà public peut l''être encore.\n\nC’est tout pour aujourd’hui. La suite vient mardi 24 novembre à 08:30."}', NULL, NULL, NULL, NULL, '2026-11-24 08:00:00+00', 'sent', 1, '', '31', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (32, 'reply:telegram:e16:1.0', 2, 0, 'reply', '{"of":"reply:telegram:e15:1.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e15:1.0', '2026-11-24 08:00:00+00', 'sent', 1, '', '32', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00');
INSERT INTO public.outbox VALUES (33, 'lesson:1:2026-11-24:0', 1, 1, 'lesson', '{"day":"2026-11-24","lesson":"deux"}', 1, '66299e64dace013e79d947df3b3ec2ae', 'ae5d8492079a', NULL, '2026-11-24 10:30:00+00', 'sent', 1, '', '33', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00');
INSERT INTO public.outbox VALUES (34, 'lesson:3:2026-11-24:0', 3, 1, 'lesson', '{"day":"2026-11-24","lesson":"deux"}', 3, '66299e64dace013e79d947df3b3ec2ae', '64536f3792df', NULL, '2026-11-24 10:30:00+00', 'sent', 1, '', '34', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00');
INSERT INTO public.outbox VALUES (35, 'reply:telegram:e18:0.0', 1, 0, 'reply', '{"text":"❌ **Pas tout à fait.**\nParce que.\nLa bonne réponse : 2. Un texte déjà publié\nPour le 2 : Parce que.\nCe qui est déjà public peut l''être encore.\n\nCette question reviendra dans les prochains jours."}', NULL, NULL, NULL, NULL, '2026-11-25 07:00:00+00', 'sent', 1, '', '35', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00');
INSERT INTO public.outbox VALUES (36, 'reply:telegram:e18:1.0', 1, 0, 'reply', '{"question":{"beside":[],"choices":[["b","L''adresse"],["a","Le nom"],["c","La photo"],["d","La météo"],["e","Le calendrier"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"21afd82b6928","submit":"Valider"},"text":"**Question :** Que retenir de deux ? *Plusieurs réponses sont possibles.*\n1. L''adresse\n2. Le nom\n3. La photo\n4. La météo\n5. Le calendrier"}', NULL, NULL, '21afd82b6928', NULL, '2026-11-25 07:00:00+00', 'sent', 1, '', '36', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00');
INSERT INTO public.outbox VALUES (37, 'reply:telegram:e18:2.0', 1, 0, 'reply', '{"of":"lesson:1:2026-11-24:0","text":""}', NULL, NULL, NULL, 'lesson:1:2026-11-24:0', '2026-11-25 07:00:00+00', 'sent', 1, '', '37', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00');
INSERT INTO public.outbox VALUES (38, 'lesson:2:2026-11-24:0', 2, 1, 'lesson', '{"day":"2026-11-24","lesson":"deux"}', 2, '66299e64dace013e79d947df3b3ec2ae', '49f9ab0e0ef1', NULL, '2026-11-24 21:30:00+00', 'sent', 1, '', '38', '2026-11-24 19:00:00+00', '2026-11-24 19:00:00+00');
INSERT INTO public.outbox VALUES (39, 'reply:telegram:e19:0.0', 2, 0, 'reply', '{"text":"✅ **Bonne réponse !**\nParce que.\nCe qui est déjà public peut l''être encore."}', NULL, NULL, NULL, NULL, '2026-11-25 18:00:00+00', 'sent', 1, '', '39', '2026-11-24 19:00:00+00', '2026-11-24 19:00:00+00');
INSERT INTO public.outbox VALUES (40, 'reply:telegram:e19:1.0', 2, 0, 'reply', '{"question":{"beside":[],"choices":[["b","Une lettre d''habitant"],["c","Un arrêté en préparation"],["a","Un texte déjà publié"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"3405bcec2c08","submit":""},"text":"🔁 **On révise** · Données personnelles\n\n**Question :** Que dire de un ?\n1. Une lettre d''habitant\n2. Un arrêté en préparation\n3. Un texte déjà publié"}', NULL, NULL, '3405bcec2c08', NULL, '2026-11-25 18:00:00+00', 'sent', 1, '', '40', '2026-11-24 19:00:00+00', '2026-11-24 19:00:00+00');
INSERT INTO public.outbox VALUES (41, 'reply:telegram:e19:2.0', 2, 0, 'reply', '{"of":"lesson:2:2026-11-24:0","text":""}', NULL, NULL, NULL, 'lesson:2:2026-11-24:0', '2026-11-25 18:00:00+00', 'sent', 1, '', '41', '2026-11-24 19:00:00+00', '2026-11-24 19:00:00+00');
INSERT INTO public.outbox VALUES (42, 'lesson:1:2026-11-25:0', 1, 1, 'lesson', '{"day":"2026-11-25","lesson":"trois"}', 1, '4db0a10930d3611024b54c4b7d9bd537', 'b8f824ba621d', NULL, '2026-11-25 10:30:00+00', 'sent', 1, '', '42', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00');
INSERT INTO public.outbox VALUES (43, 'lesson:3:2026-11-25:0', 3, 1, 'lesson', '{"day":"2026-11-25","lesson":"trois"}', 3, '4db0a10930d3611024b54c4b7d9bd537', 'da84c2cc58e2', NULL, '2026-11-25 10:30:00+00', 'sent', 1, '', '43', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00');
INSERT INTO public.outbox VALUES (44, 'reply:telegram:e20:0.0', 1, 0, 'reply', '{"text":"❌ **Pas tout à fait.**\nParce que.\nLa bonne réponse : 1. Un texte déjà publié\nPour le 1 : Parce que.\nCe qui est déjà public peut l''être encore.\n\nCette question reviendra dans les prochains jours."}', NULL, NULL, NULL, NULL, '2026-11-26 07:00:00+00', 'sent', 1, '', '44', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00');
INSERT INTO public.outbox VALUES (45, 'reply:telegram:e20:1.0', 1, 0, 'reply', '{"question":{"beside":[],"choices":[["e","Le calendrier"],["d","La météo"],["c","La photo"],["b","L''adresse"],["a","Le nom"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"60b88d095ab1","submit":"Valider"},"text":"🔁 **On révise** · Données personnelles\n\n**Question :** Que retenir de un ? *Plusieurs réponses sont possibles.*\n1. Le calendrier\n2. La météo\n3. La photo\n4. L''adresse\n5. Le nom"}', NULL, NULL, '60b88d095ab1', NULL, '2026-11-26 07:00:00+00', 'sent', 1, '', '45', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00');
INSERT INTO public.outbox VALUES (46, 'reply:telegram:e20:2.0', 1, 0, 'reply', '{"of":"lesson:1:2026-11-25:0","text":""}', NULL, NULL, NULL, 'lesson:1:2026-11-25:0', '2026-11-26 07:00:00+00', 'sent', 1, '', '46', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00');
INSERT INTO public.outbox VALUES (47, 'lesson:2:2026-11-25:0', 2, 1, 'lesson', '{"day":"2026-11-25","lesson":"trois"}', 2, '4db0a10930d3611024b54c4b7d9bd537', '00ff4541d0f1', NULL, '2026-11-25 21:30:00+00', 'sent', 1, '', '47', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (48, 'reply:telegram:e21:0.0', 2, 0, 'reply', '{"text":"✅ **Bonne réponse !**\nParce que.\nCe qui est déjà public peut l''être encore."}', NULL, NULL, NULL, NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '48', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (50, 'reply:telegram:e21:2.0', 2, 0, 'reply', '{"of":"lesson:2:2026-11-25:0","text":""}', NULL, NULL, NULL, 'lesson:2:2026-11-25:0', '2026-11-26 18:00:00+00', 'sent', 1, '', '50', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (49, 'reply:telegram:e21:1.0', 2, 0, 'reply', '{"question":{"beside":[],"choices":[["b","L''adresse"],["e","Le calendrier"],["d","La météo"],["a","Le nom"],["c","La photo"]],"chosen":[],"form":"quiz","multiple":true,"prompt":"8174badd7c1e","submit":"Valider"},"text":"🔁 **On révise** · Données personnelles\n\n**Question :** Que retenir de un ? *Plusieurs réponses sont possibles.*\n1. L''adresse\n2. Le calendrier\n3. La météo\n4. Le nom\n5. La photo"}', NULL, NULL, '8174badd7c1e', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '49', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (51, 'reply:telegram:e22:0.0', 5, 2, 'reply', '{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"3ef4853ba160","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', NULL, NULL, '3ef4853ba160', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '51', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (52, 'reply:telegram:e23:0.0', 6, 2, 'reply', '{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"68f885280cb2","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', NULL, NULL, '68f885280cb2', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '52', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (53, 'reply:telegram:e24:0.0', 6, 0, 'reply', '{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive jeudi 26 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}', NULL, NULL, NULL, NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '53', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (54, 'reply:telegram:e24:1.0', 6, 0, 'reply', '{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["a","Un texte déjà publié"],["b","Une lettre d''habitant"],["c","Un arrêté en préparation"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"4b9c8e1502a3","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Un texte déjà publié\n2. Une lettre d''habitant\n3. Un arrêté en préparation"}', NULL, NULL, '4b9c8e1502a3', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '54', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (55, 'reply:telegram:e24:2.0', 6, 0, 'reply', '{"of":"reply:telegram:e23:0.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e23:0.0', '2026-11-26 18:00:00+00', 'sent', 1, '', '55', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (56, 'reply:telegram:e25:0.0', 6, 0, 'reply', '{"question":{"beside":[],"choices":[["keep","Oui, et garder ma progression"],["erase","Oui, et effacer mes données"],["no","Non, continuer"]],"chosen":[],"form":"menu","multiple":false,"prompt":"0722dc1a12bc","submit":""},"request":"stop","text":"Voulez-vous arrêter les leçons ?"}', NULL, NULL, '0722dc1a12bc', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '56', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (57, 'reply:telegram:e26:0.0', 6, 0, 'reply', '{"request":"stop","text":"C’est arrêté, votre progression est gardée. Pour revenir un jour, écrivez **start**. Merci et à bientôt !"}', NULL, NULL, NULL, NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '57', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (58, 'reply:telegram:e26:1.0', 6, 0, 'reply', '{"of":"reply:telegram:e25:0.0","request":"stop","text":""}', NULL, NULL, NULL, 'reply:telegram:e25:0.0', '2026-11-26 18:00:00+00', 'sent', 1, '', '58', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (59, 'reply:telegram:e27:0.0', 7, 2, 'reply', '{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"b2c7fb2d365b","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', NULL, NULL, 'b2c7fb2d365b', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '59', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (67, 'reply:telegram:e32:0.0', 9, 0, 'reply', '{"question":{"beside":[],"choices":[["yes","Oui, je commence"],["no","Non merci"]],"chosen":[],"form":"menu","multiple":false,"prompt":"a67636258ac8","submit":""},"request":"start","text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', NULL, NULL, 'a67636258ac8', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '67', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (68, 'reply:telegram:e33:0.0', 9, 0, 'reply', '{"text":"Bienvenue ! Voici votre première leçon. La prochaine leçon arrive jeudi 26 novembre à 08:30.\nPour changer l’heure ou les jours : **reglages**."}', NULL, NULL, NULL, NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '68', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (69, 'reply:telegram:e33:1.0', 9, 0, 'reply', '{"aside":"**Sources** (état au 1er novembre 2026) :\n- [Les questions-réponses](https://www.cnil.fr/fr/reponses), CNIL, 18 juillet 2024\n\n*Leçon rédigée avec l’aide d’une IA, pas encore relue par une personne.*","question":{"beside":[],"choices":[["c","Un arrêté en préparation"],["a","Un texte déjà publié"],["b","Une lettre d''habitant"]],"chosen":[],"form":"quiz","multiple":false,"prompt":"9160bb8c9412","submit":""},"text":"📘 **Titre de un**\n\nUn assistant **garde** ce qu''on lui donne.\n\n- un\n- deux\n\n💡 **À retenir** : On ne colle que ce qui est public.\n\n**Question :** Que dire de un ?\n1. Un arrêté en préparation\n2. Un texte déjà publié\n3. Une lettre d''habitant"}', NULL, NULL, '9160bb8c9412', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '69', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (70, 'reply:telegram:e33:2.0', 9, 0, 'reply', '{"of":"reply:telegram:e32:0.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e32:0.0', '2026-11-26 18:00:00+00', 'sent', 1, '', '70', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (71, 'reply:telegram:e34:0.0', 9, 0, 'reply', '{"question":{"beside":[],"choices":[["send","Oui, l’envoyer"],["cancel","Annuler"]],"chosen":[],"form":"menu","multiple":false,"prompt":"ea798e40d4f2","submit":""},"text":"Voici l’annonce :\n\nLes inscriptions sont ouvertes.\n\nFaut-il l’envoyer à toutes les personnes actives, ni en pause, ni arrêtées ?"}', NULL, NULL, 'ea798e40d4f2', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '71', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (72, 'reply:telegram:e35:0.0', 9, 0, 'reply', '{"text":"L’annonce part maintenant, sauf pour les personnes en heures calmes ou en jour de repos, qui la recevront après."}', NULL, NULL, NULL, NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '72', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (73, 'reply:telegram:e35:1.0', 9, 0, 'reply', '{"of":"reply:telegram:e34:0.0","text":""}', NULL, NULL, NULL, 'reply:telegram:e34:0.0', '2026-11-26 18:00:00+00', 'sent', 1, '', '73', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (74, 'reply:telegram:e36:0.0', 9, 0, 'reply', '{"question":{"beside":[],"choices":[["hour","Heure : 08:30"],["days","Jours : du lundi au vendredi"],["zone","Fuseau horaire : Europe/Paris"],["holidays","Jours fériés : France"],["quiet","Heures calmes : 20:00-07:00"],["role","Vous êtes : agent ou agente"],["language","Langue : français"],["data","Mes données"],["rhythm","Questions après la dernière leçon : trois jours par semaine"]],"chosen":[],"form":"menu","multiple":false,"prompt":"f1c78afbbfc0","submit":""},"request":"reglages","text":"**Vos réglages.** Que voulez-vous changer ?"}', NULL, NULL, 'f1c78afbbfc0', NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '74', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (75, 'reply:telegram:e37:0.0', 9, 0, 'reply', '{"request":"aide","text":"Voici ce que vous pouvez écrire :\n- **start** : Commencer, reprendre, ou savoir où vous en êtes\n- **lecon** : Revoir la leçon en cours, ou recevoir la suivante\n- **quiz** : Répondre à une question\n- **progression** : Voir votre progression\n- **reglages** : Changer l’heure, les jours, la langue et le reste\n- **plustard** : La leçon, ou sa question, plus tard aujourd’hui (« plus tard à midi »)\n- **pause** : Ne plus rien recevoir pour l’instant, ou jusqu’à un jour : « pause jusqu’à lundi »\n- **reprendre** : Reprendre après une pause\n- **stop** : Arrêter, et effacer vos données si vous le voulez\n- **mesdonnees** : Recevoir tout ce que je garde de vous\n- **oublier** : Effacer toutes vos données\n- **aide** : Voir ce que vous pouvez écrire\n- **publier**, **stats**, **annonce** : pour l’administration. Envoyez un fichier .yaml pour publier une leçon.\n\nPour répondre à une question, appuyez sur un bouton ou écrivez le numéro de votre choix."}', NULL, NULL, NULL, NULL, '2026-11-26 18:00:00+00', 'sent', 1, '', '75', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
INSERT INTO public.outbox VALUES (78, 'reply:edit:0.0', 3, 0, 'reply', '{"of":"reply:telegram:e1:0.0","text":"changé"}', NULL, NULL, NULL, 'reply:telegram:e1:0.0', '2026-11-27 09:00:00+00', 'waiting', 0, '', NULL, '2026-11-26 10:00:00+00', NULL);
INSERT INTO public.outbox VALUES (79, 'lesson:1:2026-11-26:0', 1, 1, 'lesson', '{"day":"2026-11-26","lesson":"quatre"}', 1, '8db51a5f7d24d86074fa2e40328c20ee', '6b276ba8ebbb', NULL, '2026-11-26 10:30:00+00', 'waiting', 0, '', NULL, '2026-11-26 10:00:00+00', NULL);
INSERT INTO public.outbox VALUES (81, 'lesson:7:2026-11-26:0', 9, 1, 'lesson', '{"day":"2026-11-26","lesson":"deux"}', 7, '66299e64dace013e79d947df3b3ec2ae', 'a66cf3570008', NULL, '2026-11-26 10:30:00+00', 'waiting', 0, '', NULL, '2026-11-26 10:00:00+00', NULL);
INSERT INTO public.outbox VALUES (77, 'reply:late:0.0', 2, 0, 'reply', '{"text":"trop tard"}', NULL, NULL, NULL, NULL, '2026-11-25 09:00:00+00', 'expired', 0, '', NULL, '2026-11-24 10:00:00+00', '2026-11-26 10:00:00+00');
INSERT INTO public.outbox VALUES (76, 'reply:telegram:failed:0.0', 1, 0, 'reply', '{"text":"Désolé, quelque chose n’a pas fonctionné de mon côté. Votre progression est intacte. Réessayez dans un instant."}', NULL, NULL, NULL, NULL, '2026-11-27 09:00:00+00', 'refused', 1, 'Rejected: no such chat', NULL, '2026-11-26 10:00:00+00', '2026-11-26 10:00:00+00');
INSERT INTO public.outbox VALUES (80, 'lesson:3:2026-11-26:0', 3, 1, 'reminder', '{"day":"2026-11-26"}', 3, '4db0a10930d3611024b54c4b7d9bd537', 'da84c2cc58e2', NULL, '2026-11-26 10:30:00+00', 'cancelled', 0, 'asked', NULL, '2026-11-26 10:00:00+00', '2026-11-26 10:00:00+00');
INSERT INTO public.outbox VALUES (82, 'extra:1:2:0', 2, 1, 'notice', '{"broadcast":1}', NULL, NULL, NULL, NULL, '2026-11-27 02:00:00+00', 'waiting', 0, '', NULL, '2026-11-26 23:00:00+00', NULL);
INSERT INTO public.pending VALUES (1, 'telegram', '1001', '{"address":"1001","at":"2026-11-26T10:00:00+00:00","channel":"telegram","id":"file","kind":"file"}', false, 0, '2026-11-26 10:00:00+00');
INSERT INTO public.pin VALUES ('matrix:@mairie:example.org', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', '2026-11-26 10:00:00+00');
INSERT INTO public.prompt VALUES ('834c1b755842', 'c07fc84adc47a049', 'consent', NULL, NULL, '{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', '[]', 'reply:telegram:e3:0.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["yes"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('222d29398214', '8468461acbac55e2', 'consent', NULL, NULL, '{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', '[]', 'reply:telegram:e1:0.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["yes"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('1e72421a4f77', 'c4f006e30ec7a4ab', 'consent', NULL, NULL, '{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', '[]', 'reply:telegram:e5:0.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["yes"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('931fa600ec7d', '8468461acbac55e2', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q1', '{"order":["c","a","b"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'reply:telegram:e2:1.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["a"]', 'right', NULL);
INSERT INTO public.prompt VALUES ('255ff08d98c0', 'c07fc84adc47a049', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q1', '{"older":["reply:telegram:e4:1.0"],"order":["b","a","c"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'reply:telegram:e12:0.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["b"]', 'wrong', NULL);
INSERT INTO public.prompt VALUES ('5fcaa9f567d1', 'c4f006e30ec7a4ab', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q1', '{"order":["b","c","a"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'reply:telegram:e6:1.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('a90fe8eb168e', '5705517daec1245c', 'consent', NULL, NULL, '{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', '[]', 'reply:telegram:e7:0.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["yes"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('79ea2875d62b', '5705517daec1245c', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q1', '{"order":["b","c","a"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'reply:telegram:e8:1.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('cb823d05e34d', 'c07fc84adc47a049', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q2', '{"order":["b","d","c","e","a"],"purpose":"lesson","step":2,"with_lesson":false}', '[]', 'reply:telegram:e15:1.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["b","c","a"]', 'right', NULL);
INSERT INTO public.prompt VALUES ('cecdbe442251', 'c07fc84adc47a049', 'settings.zone', NULL, NULL, '{"choices":[["Europe/Paris","Paris",[]],["America/Guadeloupe","Guadeloupe",[]],["America/Martinique","Martinique",[]],["America/Cayenne","Guyane",[]],["Indian/Reunion","La Réunion",[]],["Indian/Mayotte","Mayotte",[]],["Pacific/Noumea","Nouvelle-Calédonie",[]],["Pacific/Tahiti","Tahiti",[]],["America/Miquelon","Saint-Pierre-et-Miquelon",[]]],"form":"menu","free":true,"hint":"","multiple":false,"text":"Où êtes-vous ? Choisissez, ou écrivez une ville ou le nom de votre fuseau, par exemple : Bruxelles ou Europe/Brussels."}', '[]', 'reply:telegram:e10:0.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["Pacific/Tahiti"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('1da39703065d', 'c07fc84adc47a049', 'settings', NULL, NULL, '{"choices":[["hour","Heure : 08:30",["heure","horaire","changer l''heure","modifier l''heure","heure de la leçon"]],["days","Jours : du lundi au vendredi",["jours","jour","changer les jours","modifier les jours","changer de jours"]],["zone","Fuseau horaire : Europe/Paris",["fuseau","fuseau horaire","changer de fuseau","changer de fuseau horaire","changer le fuseau horaire"]],["holidays","Jours fériés : France",["fériés","jours fériés","changer les jours fériés"]],["quiet","Heures calmes : 20:00-07:00",["calme","heures calmes","changer les heures calmes"]],["role","Vous êtes : agent ou agente",["rôle","vous êtes","changer de rôle","changer mon rôle"]],["language","Langue : français",["langue","changer de langue","changer la langue"]],["data","Mes données",["données","mes données","voir mes données"]],["rhythm","Questions après la dernière leçon : trois jours par semaine",["rythme","questions","rythme des questions","questions après la dernière leçon","après le parcours"]]],"form":"menu","free":false,"hint":"","multiple":false,"text":"**Vos réglages.** Que voulez-vous changer ?"}', '[]', 'reply:telegram:e9:0.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', NULL, NULL, NULL, '2026-11-23 09:00:00+00');
INSERT INTO public.prompt VALUES ('4429d6586a1c', '8468461acbac55e2', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q2', '{"order":["a","e","d","b","c"],"purpose":"lesson","step":2,"with_lesson":false}', '[]', 'reply:telegram:e13:1.0', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', '["a","b"]', 'partly', NULL);
INSERT INTO public.prompt VALUES ('00ff4541d0f1', 'c07fc84adc47a049', 'quiz', '4db0a10930d3611024b54c4b7d9bd537', 'q1', '{"order":["a","c","b"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'lesson:2:2026-11-25:0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '["a"]', 'right', NULL);
INSERT INTO public.prompt VALUES ('da84c2cc58e2', 'c4f006e30ec7a4ab', 'quiz', '4db0a10930d3611024b54c4b7d9bd537', 'q1', '{"order":["c","b","a"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'lesson:3:2026-11-25:0', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('64536f3792df', 'c4f006e30ec7a4ab', 'quiz', '66299e64dace013e79d947df3b3ec2ae', 'q1', '{"order":["b","a","c"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'lesson:3:2026-11-24:0', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('ae5d8492079a', '8468461acbac55e2', 'quiz', '66299e64dace013e79d947df3b3ec2ae', 'q1', '{"order":["c","a","b"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'lesson:1:2026-11-24:0', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', '["c"]', 'wrong', NULL);
INSERT INTO public.prompt VALUES ('21afd82b6928', '8468461acbac55e2', 'quiz', '66299e64dace013e79d947df3b3ec2ae', 'q2', '{"order":["b","a","c","d","e"],"purpose":"lesson","step":2,"with_lesson":false}', '[]', 'reply:telegram:e18:1.0', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('b8f824ba621d', '8468461acbac55e2', 'quiz', '4db0a10930d3611024b54c4b7d9bd537', 'q1', '{"order":["a","b","c"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'lesson:1:2026-11-25:0', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00', '["b"]', 'wrong', NULL);
INSERT INTO public.prompt VALUES ('49f9ab0e0ef1', 'c07fc84adc47a049', 'quiz', '66299e64dace013e79d947df3b3ec2ae', 'q1', '{"order":["b","c","a"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'lesson:2:2026-11-24:0', '2026-11-24 19:00:00+00', '2026-11-24 19:00:00+00', '2026-11-24 19:00:00+00', '["a"]', 'right', NULL);
INSERT INTO public.prompt VALUES ('3405bcec2c08', 'c07fc84adc47a049', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q1', '{"order":["b","c","a"],"purpose":"review","step":2,"theme":"Données personnelles","with_lesson":false}', '[]', 'reply:telegram:e19:1.0', '2026-11-24 19:00:00+00', '2026-11-24 19:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('60b88d095ab1', '8468461acbac55e2', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q2', '{"order":["e","d","c","b","a"],"purpose":"review","step":2,"theme":"Données personnelles","with_lesson":false}', '[]', 'reply:telegram:e20:1.0', '2026-11-25 08:00:00+00', '2026-11-25 08:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('8174badd7c1e', 'c07fc84adc47a049', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q2', '{"order":["b","e","d","a","c"],"purpose":"review","step":2,"theme":"Données personnelles","with_lesson":false}', '[]', 'reply:telegram:e21:1.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('3ef4853ba160', 'c6ba74f3402b48ca', 'consent', NULL, NULL, '{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', '[]', 'reply:telegram:e22:0.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('68f885280cb2', '70eceb4f125d1a30', 'consent', NULL, NULL, '{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', '[]', 'reply:telegram:e23:0.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '["yes"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('4b9c8e1502a3', '70eceb4f125d1a30', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q1', '{"order":["a","b","c"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'reply:telegram:e24:1.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('0722dc1a12bc', '70eceb4f125d1a30', 'stop', NULL, NULL, '{"choices":[["keep","Oui, et garder ma progression",["arrêter","arrête","arrêtez","arrêter et garder","garder","garde"]],["erase","Oui, et effacer mes données",["effacer","efface","effacez","tout effacer","effacer tout","supprimer","tout supprimer","arrêter et effacer"]],["no","Non, continuer",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","annuler","annule","annulez","continuer","continue","laisser","laisse","laissez","laisse tomber","rien","ne rien changer","ne change rien","ne changez rien","retour","fermer"]]],"form":"menu","free":false,"hint":"Écrivez **arrêter**, **effacer** ou **continuer**.","multiple":false,"text":"Voulez-vous arrêter les leçons ?"}', '[]', 'reply:telegram:e25:0.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '["keep"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('b2c7fb2d365b', '880d258449268e07', 'consent', NULL, NULL, '{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', '[]', 'reply:telegram:e27:0.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('9160bb8c9412', '676bc771fbca7c43', 'quiz', '04da82776b2d89fc40ef58610ece0b09', 'q1', '{"order":["c","a","b"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'reply:telegram:e33:1.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('a67636258ac8', '676bc771fbca7c43', 'consent', NULL, NULL, '{"choices":[["yes","Oui, je commence",["oui","o","ok","okay","d''accord","ouais","oui oui","bien sûr","volontiers","avec plaisir","je veux bien","on commence","commençons","c''est parti","allons-y","yes","y","je commence","on commence","commencer","commençons","je suis prêt","je suis prête","prêt","prête","c''est parti","c''est bon","allons-y","on y va","vas-y","allez-y","go","oui je commence","oui merci","oui bien sûr","oui volontiers","bien sûr","volontiers","avec plaisir","je veux bien","pourquoi pas","okay","entendu","let''s go","i''m in","sure","yes please","begin","oui je veux bien","oui avec plaisir","je veux commencer","je souhaite commencer","ouiii","ok pour moi","ça marche","ça me va","oui d''accord"]],["no","Non merci",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","non merci","pas pour moi","sans façon","no thanks","no thank you","not for me","pas intéressé","pas intéressée","non pas pour moi","ça ne m''intéresse pas","non ça ne m''intéresse pas","not interested"]]],"form":"menu","free":false,"hint":"Répondez oui ou non.","multiple":false,"text":"**Bonjour, je suis IAventure.**\nEn deux minutes par jour, je vous aide à comprendre l’intelligence artificielle (IA) et à bien vous en servir au travail : une courte leçon, une ou deux questions, et l’explication de chaque réponse.\n\n**Ce que je garde** : l’adresse de cette conversation (sur Matrix et Tchap, aussi l’identifiant de votre compte, qui contient votre nom sur Tchap), vos réglages, les leçons reçues et vos réponses, avec leurs dates ; et, pendant un mois environ, les messages que je vous envoie et vos réponses aux menus. Cela sert à vous envoyer les leçons, à suivre votre progression et à établir des totaux. Vos autres messages ne sont pas gardés une fois lus. À tout moment, **mesdonnees** vous montre tout, **stop** arrête les leçons et **oublier** efface tout.\n\nJe suis un programme. Les leçons citent leurs sources et disent quand une IA a aidé à les écrire.\n\n**On commence ?**"}', '[]', 'reply:telegram:e32:0.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '["yes"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('ea798e40d4f2', '676bc771fbca7c43', 'announce', NULL, NULL, '{"choices":[["send","Oui, l’envoyer",["envoyer","envoie","envoyez","l''envoyer"]],["cancel","Annuler",["non","n","no","nan","nope","non non","pas maintenant","plus tard","non plus tard","non pas maintenant","peut-être plus tard","annuler","annule","annulez","continuer","continue","laisser","laisse","laissez","laisse tomber","rien","ne rien changer","ne change rien","ne changez rien","retour","fermer"]]],"data":{"text":"Les inscriptions sont ouvertes."},"form":"menu","free":false,"hint":"Écrivez **envoyer** ou **annuler**.","multiple":false,"text":"Voici l’annonce :\n\nLes inscriptions sont ouvertes.\n\nFaut-il l’envoyer à toutes les personnes actives, ni en pause, ni arrêtées ?"}', '[]', 'reply:telegram:e34:0.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', '["send"]', NULL, NULL);
INSERT INTO public.prompt VALUES ('f1c78afbbfc0', '676bc771fbca7c43', 'settings', NULL, NULL, '{"choices":[["hour","Heure : 08:30",["heure","horaire","changer l''heure","modifier l''heure","heure de la leçon"]],["days","Jours : du lundi au vendredi",["jours","jour","changer les jours","modifier les jours","changer de jours"]],["zone","Fuseau horaire : Europe/Paris",["fuseau","fuseau horaire","changer de fuseau","changer de fuseau horaire","changer le fuseau horaire"]],["holidays","Jours fériés : France",["fériés","jours fériés","changer les jours fériés"]],["quiet","Heures calmes : 20:00-07:00",["calme","heures calmes","changer les heures calmes"]],["role","Vous êtes : agent ou agente",["rôle","vous êtes","changer de rôle","changer mon rôle"]],["language","Langue : français",["langue","changer de langue","changer la langue"]],["data","Mes données",["données","mes données","voir mes données"]],["rhythm","Questions après la dernière leçon : trois jours par semaine",["rythme","questions","rythme des questions","questions après la dernière leçon","après le parcours"]]],"form":"menu","free":false,"hint":"","multiple":false,"text":"**Vos réglages.** Que voulez-vous changer ?"}', '[]', 'reply:telegram:e36:0.0', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00', NULL, NULL, NULL, '2026-11-25 19:00:00+00');
INSERT INTO public.prompt VALUES ('6b276ba8ebbb', '8468461acbac55e2', 'quiz', '8db51a5f7d24d86074fa2e40328c20ee', 'q1', '{"order":["b","c","a"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'lesson:1:2026-11-26:0', '2026-11-26 10:00:00+00', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.prompt VALUES ('a66cf3570008', '676bc771fbca7c43', 'quiz', '66299e64dace013e79d947df3b3ec2ae', 'q1', '{"order":["b","a","c"],"purpose":"lesson","step":1,"with_lesson":true}', '[]', 'lesson:7:2026-11-26:0', '2026-11-26 10:00:00+00', '2026-11-26 10:00:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.recall VALUES ('c4f006e30ec7a4ab', 'un', NULL, '2026-11-25', NULL, '{}');
INSERT INTO public.recall VALUES ('5705517daec1245c', 'un', NULL, '2026-11-25', NULL, '{}');
INSERT INTO public.recall VALUES ('8468461acbac55e2', 'un', '{"difficulty":7.394502741279718,"last":"2026-11-23","stability":0.7750839828558984}', '2026-11-25', 'q2', '{"q1":[1,"2026-11-23"],"q2":[1,"2026-11-23"]}');
INSERT INTO public.recall VALUES ('c07fc84adc47a049', 'un', '{"difficulty":6.402115069296838,"last":"2026-11-22","stability":0.24668918777567272}', '2026-11-24', 'q1', '{"q1":[1,"2026-11-22"],"q2":[1,"2026-11-22"]}');
INSERT INTO public.recall VALUES ('c4f006e30ec7a4ab', 'deux', NULL, '2026-11-26', NULL, '{}');
INSERT INTO public.recall VALUES ('8468461acbac55e2', 'deux', '{"difficulty":6.4133,"last":"2026-11-24","stability":0.212}', '2026-11-26', 'q1', '{"q1":[1,"2026-11-24"]}');
INSERT INTO public.recall VALUES ('c07fc84adc47a049', 'deux', '{"difficulty":2.118103970459016,"last":"2026-11-24","stability":2.3065}', '2026-11-28', NULL, '{"q1":[1,"2026-11-24"]}');
INSERT INTO public.recall VALUES ('c4f006e30ec7a4ab', 'trois', NULL, '2026-11-27', NULL, '{}');
INSERT INTO public.recall VALUES ('8468461acbac55e2', 'trois', '{"difficulty":6.4133,"last":"2026-11-25","stability":0.212}', '2026-11-27', 'q1', '{"q1":[1,"2026-11-25"]}');
INSERT INTO public.recall VALUES ('c07fc84adc47a049', 'trois', '{"difficulty":2.118103970459016,"last":"2026-11-25","stability":2.3065}', '2026-11-29', NULL, '{"q1":[1,"2026-11-25"]}');
INSERT INTO public.recall VALUES ('70eceb4f125d1a30', 'un', NULL, '2026-11-27', NULL, '{}');
INSERT INTO public.recall VALUES ('676bc771fbca7c43', 'un', NULL, '2026-11-27', NULL, '{}');
INSERT INTO public.reconciliation VALUES ('2026-11-25', 3, '{}', '{}', NULL);
INSERT INTO public.reconciliation VALUES ('2026-11-24', 3, '{"within_10s":2}', '{}', '2026-11-26 10:00:00+00');
INSERT INTO public.reconciliation VALUES ('2026-11-26', 4, '{}', '{}', NULL);
INSERT INTO public.seen VALUES ('telegram', 'e1', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e2', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e3', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e4', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e5', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e6', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e7', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e8', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e9', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e10', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e11', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e12', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e13', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e14', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e15', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e16', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e17', '2026-11-23 09:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e18', '2026-11-24 08:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e19', '2026-11-24 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e20', '2026-11-25 08:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e21', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e22', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e23', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e24', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e25', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e26', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e27', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e28', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e29', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e30', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e31', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e32', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e33', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e34', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e35', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e36', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'e37', '2026-11-25 19:00:00+00', false);
INSERT INTO public.seen VALUES ('telegram', 'failed', '2026-11-26 10:00:00+00', true);
INSERT INTO public.tally VALUES ('8468461acbac55e2', 1, 1, 2, '2026-11-25 7');
INSERT INTO public.tally VALUES ('c07fc84adc47a049', 3, 0, 1, '2026-11-25 b');
INSERT INTO public.to_forget VALUES ('telegram', '505baa63', '1007', '2026-11-25 19:00:00+00', '2026-11-25 19:00:00+00');
SELECT pg_catalog.setval('public.address_id_seq', 9, true);
SELECT pg_catalog.setval('public.audit_id_seq', 1, true);
SELECT pg_catalog.setval('public.broadcast_id_seq', 2, true);
SELECT pg_catalog.setval('public.enrolment_id_seq', 7, true);
SELECT pg_catalog.setval('public.erasure_n_seq', 1, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 82, true);
SELECT pg_catalog.setval('public.pending_id_seq', 1, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.kept_transaction
    ADD CONSTRAINT kept_transaction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.address
    ADD CONSTRAINT pk_address PRIMARY KEY (id);
ALTER TABLE ONLY public.attestation
    ADD CONSTRAINT pk_attestation PRIMARY KEY (code_hash);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (id);
ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT pk_broadcast PRIMARY KEY (id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT pk_conversation PRIMARY KEY (address_id);
ALTER TABLE ONLY public.counter
    ADD CONSTRAINT pk_counter PRIMARY KEY (name);
ALTER TABLE ONLY public.course
    ADD CONSTRAINT pk_course PRIMARY KEY (id);
ALTER TABLE ONLY public.delivered
    ADD CONSTRAINT pk_delivered PRIMARY KEY (enrolment_id, lesson_id);
ALTER TABLE ONLY public.device
    ADD CONSTRAINT pk_device PRIMARY KEY (channel, id);
ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT pk_enrolment PRIMARY KEY (id);
ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT pk_erasure PRIMARY KEY (n);
ALTER TABLE ONLY public.learner
    ADD CONSTRAINT pk_learner PRIMARY KEY (id);
ALTER TABLE ONLY public.lesson
    ADD CONSTRAINT pk_lesson PRIMARY KEY (id);
ALTER TABLE ONLY public.lesson_version
    ADD CONSTRAINT pk_lesson_version PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);
ALTER TABLE ONLY public.pending
    ADD CONSTRAINT pk_pending PRIMARY KEY (id);
ALTER TABLE ONLY public.pin
    ADD CONSTRAINT pk_pin PRIMARY KEY (who);
ALTER TABLE ONLY public.prompt
    ADD CONSTRAINT pk_prompt PRIMARY KEY (id);
ALTER TABLE ONLY public.recall
    ADD CONSTRAINT pk_recall PRIMARY KEY (learner_id, lesson_id);
ALTER TABLE ONLY public.reconciliation
    ADD CONSTRAINT pk_reconciliation PRIMARY KEY (day);
ALTER TABLE ONLY public.seen
    ADD CONSTRAINT pk_seen PRIMARY KEY (channel, event_id);
ALTER TABLE ONLY public.tally
    ADD CONSTRAINT pk_tally PRIMARY KEY (learner_id);
ALTER TABLE ONLY public.to_forget
    ADD CONSTRAINT pk_to_forget PRIMARY KEY (channel, device, address);
ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT uq_enrolment_learner_id UNIQUE (learner_id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT uq_outbox_key UNIQUE (key);
CREATE INDEX ix_address_account ON public.address USING btree (channel, account, id) WHERE (account IS NOT NULL);
CREATE INDEX ix_address_learner_id ON public.address USING btree (learner_id);
CREATE INDEX ix_attestation_issued_at ON public.attestation USING btree (issued_at);
CREATE INDEX ix_attestation_learner_id ON public.attestation USING btree (learner_id);
CREATE INDEX ix_broadcast_next_at ON public.broadcast USING btree (next_at);
CREATE INDEX ix_conversation_ready ON public.conversation USING btree (channel, priority, ready_at) WHERE (token IS NULL);
CREATE INDEX ix_enrolment_due ON public.enrolment USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX ix_learner_erased ON public.learner USING btree (created_at) WHERE ((state)::text = 'erased'::text);
CREATE INDEX ix_lesson_version_lesson_id ON public.lesson_version USING btree (lesson_id);
CREATE INDEX ix_outbox_address ON public.outbox USING btree (address_id, state, id);
CREATE INDEX ix_outbox_ended ON public.outbox USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX ix_outbox_planned ON public.outbox USING btree (enrolment_id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX ix_pending_address ON public.pending USING btree (channel, address);
CREATE INDEX ix_prompt_answered ON public.prompt USING btree (learner_id, answered_at);
CREATE INDEX ix_prompt_menu ON public.prompt USING btree (created_at) WHERE ((topic)::text <> 'quiz'::text);
CREATE INDEX ix_prompt_open ON public.prompt USING btree (learner_id, created_at) WHERE (answered_at IS NULL);
CREATE INDEX ix_recall_due ON public.recall USING btree (learner_id, due);
CREATE INDEX ix_recall_failed ON public.recall USING btree (learner_id, due) WHERE (failed IS NOT NULL);
CREATE INDEX ix_seen_at ON public.seen USING btree (at);
CREATE UNIQUE INDEX uq_address_channel ON public.address USING btree (channel, address);
ALTER TABLE ONLY public.address
    ADD CONSTRAINT fk_address_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.attestation
    ADD CONSTRAINT fk_attestation_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT fk_broadcast_version_lesson_version FOREIGN KEY (version) REFERENCES public.lesson_version(id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT fk_conversation_address_id_address FOREIGN KEY (address_id) REFERENCES public.address(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.delivered
    ADD CONSTRAINT fk_delivered_enrolment_id_enrolment FOREIGN KEY (enrolment_id) REFERENCES public.enrolment(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT fk_enrolment_course_id_course FOREIGN KEY (course_id) REFERENCES public.course(id);
ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT fk_enrolment_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.lesson
    ADD CONSTRAINT fk_lesson_course_id_course FOREIGN KEY (course_id) REFERENCES public.course(id);
ALTER TABLE ONLY public.lesson
    ADD CONSTRAINT fk_lesson_version_lesson_version FOREIGN KEY (version) REFERENCES public.lesson_version(id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT fk_outbox_address_id_address FOREIGN KEY (address_id) REFERENCES public.address(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.prompt
    ADD CONSTRAINT fk_prompt_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.prompt
    ADD CONSTRAINT fk_prompt_version_lesson_version FOREIGN KEY (version) REFERENCES public.lesson_version(id);
ALTER TABLE ONLY public.recall
    ADD CONSTRAINT fk_recall_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tally
    ADD CONSTRAINT fk_tally_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;
