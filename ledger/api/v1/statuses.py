"""Which HTTP status a refusal has: one table, and a test says that it is complete."""

from http import HTTPStatus

from ledger.domain.refusal import Refused


def _codes(names: str) -> frozenset[str]:
    return frozenset(names.split())


FORBIDDEN = _codes(
    """
    acting_organization_is_missing acting_organization_not_in_force actor_has_no_such_role
    actor_is_another_volunteer actor_is_not_staff actor_is_not_the_volunteer
    amendment_needs_body_above appointee_appoints_herself approver_is_not_above
    approver_is_reviewer authority_does_not_supervise bureau_does_not_record
    bureau_is_not_the_grantor bureau_not_above categories_outside_entrustment checker_is_keyer
    city_bureau_is_registered_by_the_ledger confirmer_is_registrant confirmer_is_volunteer
    decider_is_objector division_outside_entrustment division_outside_organization
    entrusted_area_outside_bureau entrusting_is_for_bureaus entrustment_not_in_force
    evidence_shows_others guardian_must_consent halted_from_above
    import_is_of_another_organization invitation_begins_the_ledger invitation_has_expired
    invitation_is_not_to_join invitation_is_not_valid invitee_invites_herself
    key_is_not_in_force ledger_appoints_the_first_person_only
    ledger_invites_the_first_person_only not_in_scope objector_is_another_person
    old_password_is_wrong organization_does_not_answer organization_does_not_record
    organization_is_not_issuer organization_not_above recorder_is_another_person
    recorder_is_not_appointed recorder_is_volunteer registration_is_ones_own
    reviewer_is_proposer reviewer_is_recorder reviewer_is_volunteer
    rules_are_for_the_city_bureau sign_in_code_is_wrong sign_in_is_anothers
    sign_in_is_anothers_to_give signer_is_handler signer_is_holder
    volunteer_acts_for_organization volunteer_is_anothers_to_invite volunteer_only_withdraws
    """
)
"""Who acts is not the one who may: no other values would help."""

MISSING = _codes(
    """
    activity_is_missing activity_is_unclear certificate_is_missing certificate_is_not_found
    entrustment_is_missing evidence_is_missing import_is_missing notice_address_is_missing
    organization_is_missing organization_key_is_missing presence_session_is_unknown
    record_is_missing row_names_no_volunteer thing_is_another volunteer_is_unknown
    """
)
"""What is acted on is not there."""

CONFLICTING = _codes(
    """
    account_is_merged accounts_overlap activity_has_records activity_is_cancelled
    activity_is_not_over activity_is_not_today activity_is_over activity_is_registered
    amendment_is_a_voiding amendment_is_no_voiding amendment_is_not_open amendment_is_open
    calendar_is_retroactive certificate_cannot_be_printed certificate_has_too_many_lines
    certificate_has_too_many_open_lines certificate_is_known certificate_is_not_accepted
    certificate_is_not_issued certificate_is_not_requested certificate_is_self_printed
    certificate_rests_on_too_much consent_is_known consent_is_not_in_force correction_is_known
    correction_is_open correction_is_unknown credit_code_is_claimed credit_overlaps
    entrustment_is_known entrustment_is_over entrustment_is_revoked evidence_is_known
    handler_is_none_any_more head_count_is_below_recorded identity_came_by_merge
    identity_is_not_held import_carrier_is_another import_is_not_of_paper import_is_unfinished
    issuer_has_no_signers jti_is_used ledger_has_its_city_bureau nothing_is_amended
    nothing_is_changed nothing_to_certify objection_is_not_open objection_is_open
    organization_is_authorized organization_is_registered organization_is_revoked
    organization_is_succeeded organization_is_suspended organization_key_is_known
    organization_key_is_revoked organization_not_authorized paper_is_not_checked
    parent_not_in_force password_was_changed person_is_erased person_is_registered
    presence_is_not_open presence_is_open presence_overlaps public_key_is_known
    publicity_is_not_over record_differs_from_account record_differs_from_paper
    record_is_another_organizations record_is_confirmed record_is_held record_is_known
    record_is_outside_period record_is_publicized record_is_returned record_is_submitted
    record_is_voided records_are_not_proved records_are_not_witnessed_yet records_lie_outside
    records_were_entered_since reply_is_awaited reply_is_given role_is_held role_not_held
    row_differs_from_record row_overlaps_record row_overlaps_row rules_are_out_of_order
    rules_are_retroactive scan_is_attached scan_is_erased scan_is_missing scan_lacks_volunteers
    scan_was_not_looked_at service_exceeds_sign_in sign_in_has_another_person
    sign_in_is_incomplete sign_in_is_joined sign_in_is_known sign_in_is_not_open
    sign_in_name_is_taken signed_in_too_often signer_has_no_name signing_key_is_unfit
    successor_not_in_force volunteer_has_absorbed volunteer_is_confirmed volunteer_is_erased
    volunteer_is_merged volunteer_is_not_confirmed volunteer_is_not_erased
    volunteer_is_not_merged volunteer_is_of_age volunteer_is_registered
    """
)
"""Things stand otherwise than the act needs them."""

UNPROCESSABLE = _codes(
    """
    act_is_unknown activity_ends_before_start activity_is_another activity_is_not_named
    activity_is_too_long admission_is_not_of_the_past admission_is_of_the_past
    appointment_is_backdated approving_unit_is_missing as_of_is_ahead authority_is_for_bureaus
    authority_is_missing back_entry_evidence_is_missing back_entry_reason_is_missing
    birth_date_differs_from_id birth_date_is_in_future break_is_negative breaks_leave_no_time
    calendar_contradicts_itself calendar_does_not_ascend calendar_has_other_year
    categories_are_too_many cell_is_blank cell_is_no_break cell_is_no_day cell_is_no_duration
    cell_is_no_rating cell_is_no_span cell_is_no_time
    certificate_number_is_mistyped change_is_not_evidenced
    check_contradicts_itself check_leaves_rows_unexplained choice_is_missing choice_is_unknown
    choice_repeats choices_are_too_many code_has_other_characters code_is_missing
    code_is_repeated column_is_missing column_is_repeated confirmation_is_not_evidenced
    consent_has_wrong_facts consent_has_wrong_recipients consent_is_in_future consent_is_missing
    consent_is_not_evidenced consent_is_repeated coordinates_are_missing coordinates_are_there
    coordinates_can_be_known count_is_out_of_bounds credit_code_is_malformed
    credit_code_is_missing credit_code_is_mistyped day_is_in_the_future day_lacks_its_year
    day_outside_activity declaration_is_missing differences_are_too_many digest_is_malformed
    division_beside_organization division_is_malformed division_is_unknown division_not_of_kind
    division_outside_parent division_without_kind document_digest_is_malformed
    documents_are_too_many duration_disagrees duration_is_no_whole_minute
    duration_is_out_of_bounds effective_day_before_last_name effective_day_in_future
    entrusted_area_has_too_many_parts entrusted_area_is_missing entrusted_area_named_twice
    entrusted_categories_are_missing entrusted_category_named_twice evaluation_is_in_future
    evaluation_precedes_service evaluator_is_unclear evidence_digest_is_malformed
    evidence_has_too_many_pixels evidence_is_empty evidence_is_malformed evidence_is_no_scan
    evidence_is_of_another_type evidence_is_too_large evidence_is_too_much
    evidence_names_somebody_twice evidence_repeats evidence_shows_too_many export_is_too_large
    exposure_in_future fact_needs_consent fact_needs_no_consent field_is_forbidden
    field_is_missing field_is_unexpected field_is_unknown field_is_unusable file_digest_differs
    file_has_too_many_rows file_is_damaged file_is_empty file_is_no_table file_is_old_excel
    file_is_protected file_is_too_large file_unpacks_to_too_much form_not_of_kind
    group_has_credit_code guardian_consent_is_below_law guardian_consent_is_missing
    guardian_is_missing guardian_is_not_needed guiding_organization_is_missing
    head_count_is_out_of_bounds header_is_not_found id_number_is_malformed id_number_was_ruined
    id_type_is_unknown json_has_too_many_parts json_is_malformed json_is_too_deep
    json_member_is_repeated json_number_is_no_integer json_number_is_too_large
    json_text_is_unusable jti_is_malformed kind_is_not_entrusted kind_not_under_parent
    latitude_is_out_of_bounds longitude_is_out_of_bounds mail_address_is_malformed
    name_has_other_character name_is_padded name_mixes_alphabets name_says_back_entry not_a_day
    not_a_moment not_a_text not_a_truth_value not_an_id not_an_integer notice_is_not_there
    office_telephone_is_mobile organization_is_unknown pages_are_out_of_bounds paper_has_no_scan
    paper_is_missing parent_is_missing password_cannot_be_stored password_is_common
    password_is_the_name password_is_the_old_one password_is_too_long password_is_too_short
    period_ends_before_start person_is_not_of_the_staff phone_is_malformed
    planned_is_out_of_bounds post_repeats posts_are_too_many project_no_is_mistyped
    public_key_is_unusable qualification_is_missing radius_is_out_of_bounds
    rating_is_out_of_bounds record_is_named_twice record_is_not_what_was_signed
    record_is_of_another_activity record_is_of_another_import record_is_repeated
    recruiting_ends_before_start recruiting_is_incomplete recruiting_outlasts_activity
    rectification_day_has_passed redaction_shows_no_fewer registration_has_another_number
    release_is_backdated resident_id_has_no_date resident_id_is_malformed
    resident_id_is_mistyped role_is_missing role_named_twice role_not_of_kind
    rule_is_out_of_bounds scan_is_of_another_activity scans_are_too_many search_is_empty
    service_crosses_midnight service_ends_before_start service_is_not_over sign_out_is_too_early
    sign_point_is_another sign_point_is_missing sign_point_repeats sign_points_are_too_many
    sign_time_is_ahead sign_time_is_missing sign_time_is_too_old span_is_no_text span_is_unclear
    star_hours_do_not_ascend start_is_not_said submission_is_for_another_ledger
    submission_is_from_the_future submission_is_stale succession_evidence_is_missing
    successor_count_is_wrong successor_is_itself successor_is_missing successor_named_twice
    supervisors_are_not_distinct text_has_forbidden_character text_has_outer_space
    text_is_missing text_is_not_normalized text_is_too_long text_is_too_short
    time_is_no_whole_minute training_is_wanted truth_declaration_is_missing
    validity_ends_before_it_begins validity_is_over volunteer_is_not_named
    volunteer_is_too_young volunteers_are_the_same
    """
)
"""A value is not one that may be recorded."""

GONE = frozenset({"certificate_is_erased", "evidence_is_erased"})
"""It was there, and nobody can open it any more."""

NOBODY = frozenset({"sign_in_is_refused"})
"""Nobody is signed in by that."""

TOO_MANY = frozenset(
    {"look_up_is_slowed_down", "sign_in_code_is_slowed_down", "sign_in_is_slowed_down"}
)
"""So many attempts are not a person's."""

DAMAGED = frozenset({"sign_in_is_damaged"})
"""What is stored does not add up; the operator has been told."""

BEHIND = _codes(
    """
    certificate_cannot_be_signed_now certificate_has_no_status_yet export_is_behind
    """
)
"""What it rests on has not come so far yet, or does not answer."""

STATUSES = {
    HTTPStatus.TOO_MANY_REQUESTS: TOO_MANY,
    HTTPStatus.SERVICE_UNAVAILABLE: DAMAGED | BEHIND,
    HTTPStatus.UNAUTHORIZED: NOBODY,
    HTTPStatus.FORBIDDEN: FORBIDDEN,
    HTTPStatus.NOT_FOUND: MISSING,
    HTTPStatus.GONE: GONE,
    HTTPStatus.CONFLICT: CONFLICTING,
    HTTPStatus.UNPROCESSABLE_ENTITY: UNPROCESSABLE,
}
"""In the order in which they count where a refusal has reasons of several kinds."""


def status_of(refused: Refused) -> HTTPStatus:
    """Return the status of a refusal: that of the gravest reason."""
    codes = set(refused.codes)
    for status, those in STATUSES.items():
        if codes & those:
            return status
    raise LookupError(f"no status: {sorted(codes)}")
