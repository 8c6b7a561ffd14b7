#include "engine/draft_change.hpp"

#include "domain/json_parser.hpp"
#include "domain/resource_reader.hpp"
#include "engine/limits.hpp"
#include "tree/sha256.hpp"

#include <algorithm>

namespace verso::engine {

namespace {

std::string described(Kind kind, std::string_view name) {
    return std::string(to_string(kind)) + " \"" + std::string(name) + '"';
}

/// Fails with limit_exceeded; `what` is the document.
void check_document_limits(const DocumentLimits& limits, const std::string& what,
                           std::string_view text) {
    const auto kept = check_limits(text, limits);
    if (kept) return;
    Error error = kept.error();
    error.message = what + ": " + error.message;
    fail(std::move(error));
}

}  // namespace

std::string field_at(std::size_t place, std::string_view field) {
    std::string pointer = '/' + std::to_string(place);
    if (field.starts_with('/'))
        pointer += field;
    else if (!field.empty())
        append_pointer(pointer, field);
    return pointer;
}

Error error_at(std::size_t place, Error error) {
    if (error.fields.empty()) error.fields.push_back({{}, error.message});
    for (FieldError& each : error.fields) each.field = field_at(place, each.field);
    return error;
}

// The resources as they will be

std::optional<ResourceId> DraftChange::After::resolve(Kind kind, const Reference& reference) {
    if (reference.id) {
        const auto subject = change_.subjects_.find(*reference.id);
        if (subject == change_.subjects_.end()) return rest_.resolve(kind, reference);
        const bool is_there = !subject->second.is_gone && subject->second.kind == kind;
        return is_there ? reference.id : std::nullopt;
    }
    const std::string name = reference.name.value_or("");
    if (const auto id = change_.named(kind, name)) return id;
    if (change_.vacated_.contains({kind, name})) return std::nullopt;
    return rest_.resolve(kind, reference);
}

std::string DraftChange::After::document_of(Kind kind, ResourceId id) {
    const auto subject = change_.subjects_.find(id);
    if (subject != change_.subjects_.end() && subject->second.text) return *subject->second.text;
    return rest_.document_of(kind, id);
}

// The steps

DraftChange::DraftChange(Overlay& overlay, IdSource& ids, const Options& limits, Batch batch)
    : overlay_(overlay), ids_(ids), limits_(limits), batch_(std::move(batch)) {}

std::vector<ResourceId> DraftChange::run() {
    take_erases();
    take_puts();
    take_referrers();
    check_not_referenced();
    follow_renames();
    index_references();
    if (!batch_.is_lenient && !batch_.may_dangle) check_targets();
    if (conflict_) fail(std::move(*conflict_));
    validate_all();
    set_all();
    return std::move(put_ids_);
}

void DraftChange::take_erases() {
    for (std::size_t place = 0; place < batch_.erases.size(); ++place) {
        auto& [kind, name] = batch_.erases[place];
        const auto found = overlay_.find(kind, name);
        if (!found) fail(Errc::corrupt, described(kind, name) + " is to be erased and not there");
        subjects_.emplace(found->value.id, Subject{.kind = kind,
                                                   .id = found->value.id,
                                                   .name = name,
                                                   .text = {},
                                                   .before = found,
                                                   .name_before = name,
                                                   .place = place,
                                                   .is_gone = true});
        vacated_.emplace(kind, std::move(name));
    }
}

void DraftChange::take_puts() {
    std::vector<std::optional<Overlay::Located>> places;
    places.reserve(batch_.puts.size());
    for (const CheckedResource& put : batch_.puts) {
        places.push_back(put.id ? overlay_.locate(*put.id) : std::nullopt);
        const auto& place = places.back();
        if (place && place->kind == put.kind && place->name != put.name && !batch_.creates_only)
            vacated_.emplace(place->kind, place->name);
    }
    put_ids_.reserve(batch_.puts.size());
    for (std::size_t i = 0; i < places.size(); ++i) take_put(std::move(batch_.puts[i]), places[i]);
}

void DraftChange::take_put(CheckedResource resource,
                           const std::optional<Overlay::Located>& located) {
    const auto& [kind, wanted, name, text, outline] = resource;
    const std::string what = described(kind, name);
    check_put(resource, what);
    const auto conflict = [&](Errc code, std::string field, const std::string& why) {
        if (!conflict_) conflict_ = about_field(code, std::move(field), what + why);
    };
    const auto named = vacated_.contains({kind, name}) ? std::nullopt : overlay_.find(kind, name);
    const bool has_other_id = wanted && named && named->value.id != *wanted;
    if (has_other_id && !located && !batch_.creates_only)
        fail(about_field(Errc::id_invalid, "id",
                         what + " has id " + to_string(named->value.id) + ", not " +
                             to_string(*wanted) +
                             "; give its own id or none, or rename or delete it first"));
    if (located && (located->kind != kind || batch_.creates_only))
        conflict(Errc::id_taken, "id",
                 ": id " + to_string(*wanted) + " is that of " +
                     described(located->kind, located->name) +
                     "; leave the id out, or give another");
    if (named && (has_other_id || batch_.creates_only))
        conflict(Errc::name_taken, "name",
                 ": another " + std::string(to_string(kind)) + " has this name; choose another");
    if (names_.contains({kind, name}))
        conflict(Errc::name_taken, "name", " is put twice in one call; choose another name");
    ResourceId id = wanted ? *wanted : named ? named->value.id : ResourceId{ids_.next()};
    // After a conflict nothing will be put, but what is wrong with any of the documents comes
    // first.
    if (const auto taken = subjects_.find(id); taken != subjects_.end() && taken->second.is_put) {
        conflict(Errc::id_taken, "id", ": id " + to_string(id) + " is put twice in one call");
        id = ResourceId{ids_.next()};
    }
    Subject& subject = subjects_[id];
    subject = {.kind = kind,
               .id = id,
               .name = name,
               .text = std::move(resource.text),
               .outline = std::move(resource.outline),
               .is_put = true};
    subject.before = located ? overlay_.find(kind, located->name) : named;
    subject.name_before = located ? located->name : name;
    if (subject.before && subject.name_before != name && is_referable(kind))
        renamed_.push_back({kind, id, subject.name_before, name});
    names_.emplace(Name{kind, name}, id);
    put_ids_.push_back(id);
}

void DraftChange::check_put(const CheckedResource& put, const std::string& what) const {
    try {
        check_document_limits(limits_.document, what, put.text);
        check_name_length(limits_, put.name);
    } catch (Failure& failure) {
        if (batch_.is_list) fail(error_at(put_ids_.size(), std::move(failure.error)));
        throw;
    }
}

Error DraftChange::about_field(Errc code, std::string field, const std::string& message) const {
    Error error = field_error(code, std::move(field), message);
    return batch_.is_list ? error_at(put_ids_.size(), std::move(error)) : error;
}

void DraftChange::take_referrers() {
    std::vector<ResourceId> targets;
    for (const auto& [id, subject] : subjects_)
        if (is_referable(subject.kind)) targets.push_back(id);
    for (const ResourceId id : targets) {
        const Subject& target = subjects_.at(id);
        const bool is_new = !target.before;
        const bool is_renamed = !is_new && target.name != target.name_before;
        if (!is_new) {
            const auto referrers = overlay_.referrers(content::references_to(id));
            if (!referrers.empty() && (target.is_gone || is_renamed || !keeps_meaning(target)))
                take_all(referrers);
        }
        if (is_new) take_all(overlay_.referrers(content::dangling_to(target.kind, {.id = id})));
        if (is_new || is_renamed)
            take_all(overlay_.referrers(
                content::dangling_to(target.kind, {.name = subjects_.at(id).name})));
    }
}

void DraftChange::take_all(const std::vector<ResourceId>& referrers) {
    for (const ResourceId id : referrers) take_referrer(id);
}

void DraftChange::take_referrer(ResourceId id) {
    if (subjects_.contains(id)) return;
    auto located = overlay_.locate(id);
    auto found = located ? overlay_.find(located->kind, located->name) : std::nullopt;
    if (!found) fail(Errc::corrupt, "a reference is that of no resource; run verify");
    Subject subject{
        .kind = located->kind, .id = id, .name = located->name, .text = {}, .before = found};
    subject.name_before = std::move(located->name);
    subject.text = text_before(subject);
    subjects_.emplace(id, std::move(subject));
}

bool DraftChange::keeps_meaning(const Subject& target) {
    return means_the_same(target.kind, text_before(target), *target.text);
}

void DraftChange::check_not_referenced() {
    if (batch_.forces) return;
    for (const auto& [id, subject] : subjects_) {
        if (!subject.is_gone || !is_referable(subject.kind)) continue;
        Error error{Errc::definition_referenced, {}, {}};
        std::size_t others = 0;
        for (const Referrer& referrer : referrers_of(overlay_, id)) {
            const auto it = subjects_.find(referrer.id);
            if (it != subjects_.end() && it->second.is_gone) continue;
            if (++others > max_fields) continue;
            error.fields.push_back({std::string(to_string(referrer.kind)) + "/" + referrer.name,
                                    "refers to it (id " + to_string(referrer.id) + ")"});
        }
        if (others == 0) continue;
        error.message = described(subject.kind, subject.name) + " is referred to by " +
                        std::to_string(others) +
                        " other resource(s); change them first, or force it";
        if (batch_.is_list)
            error.fields.insert(error.fields.begin(), {field_at(subject.place, {}), error.message});
        fail(std::move(error));
    }
}

void DraftChange::follow_renames() {
    if (batch_.is_lenient) return;  // all of a description means what it says
    FormerNames all;
    FormerNames free;  // nothing has the former name any more
    for (const RenamedTarget& each : renamed_) {
        all.add(each);
        if (!batch_.has_new_names && !named(each.kind, each.from)) free.add(each);
    }
    for (const auto& [id, subject] : subjects_)
        if (subject.kind == Kind::parameter && subject.before && !subject.is_gone)
            all.add_placeholder(id, text_before(subject), *subject.text);
    if (all.empty()) return;
    OverlaySurroundings before(overlay_);
    for (auto& [id, subject] : subjects_) {
        if (!subject.text) continue;
        auto text = (subject.is_put ? free : all).follow(subject.kind, *subject.text, before);
        if (!text) continue;
        check_document_limits(limits_.document,
                              described(subject.kind, subject.name) +
                                  ", rewritten to call what it refers to by its new name",
                              *text);
        subject.text = std::move(text);
        subject.outline.reset();
    }
}

void DraftChange::index_references() {
    OverlaySurroundings before(overlay_);
    After after(*this);
    for (auto& [id, subject] : subjects_) {
        if (subject.before && subject.before->value.refers)
            subject.keys_before =
                index_keys(references_of(subject.kind, text_before(subject)), id, before);
        if (subject.is_gone || !may_refer(subject.kind, *subject.text)) continue;
        subject.sites = references_of(subject.kind, document_of(subject));
        subject.keys = index_keys(subject.sites, id, after);
    }
}

std::set<std::string> DraftChange::index_keys(const std::vector<ReferenceSite>& sites,
                                              ResourceId referrer, Surroundings& at) const {
    std::set<std::string> keys;
    for (const ReferenceSite& site : sites)
        keys.insert(content::index_key(site, at.resolve(site.target, site.reference), referrer));
    return keys;
}

void DraftChange::check_targets() {
    After after(*this);
    Error error{Errc::reference_not_found, {}, {}};
    for (std::size_t place = 0; place < put_ids_.size(); ++place) {
        const Subject& subject = subjects_.at(put_ids_[place]);
        if (!has_shape(subject.kind)) continue;  // whose documents nobody checks
        for (const ReferenceSite& site : subject.sites) {
            if (after.resolve(site.target, site.reference)) continue;
            std::string message = leads_nowhere(site);
            if (error.message.empty())
                error.message =
                    described(subject.kind, subject.name) + ": " + site.pointer + " " + message;
            if (error.fields.size() == max_fields) continue;
            std::string field = batch_.is_list ? field_at(place, site.pointer) : site.pointer;
            error.fields.push_back({std::move(field), std::move(message)});
        }
    }
    if (!error.fields.empty()) fail(std::move(error));
}

void DraftChange::validate_all() {
    using content::Validation;
    After after(*this);
    for (auto& [id, subject] : subjects_) {
        if (subject.is_gone || !has_shape(subject.kind)) continue;
        if (subject.is_put && batch_.is_lenient) continue;
        const bool was_validated =
            subject.before && subject.before->value.validation != Validation::none;
        // What an import left unvalidated stays so, unless it has lost a target.
        const auto dangles = [&after, &sites = subject.sites] {
            return std::ranges::any_of(sites, [&](const ReferenceSite& site) {
                return !after.resolve(site.target, site.reference);
            });
        };
        if (!subject.is_put && !was_validated && (batch_.is_lenient || !dangles())) continue;
        subject.validation = validate(subject.kind, document_of(subject), after).empty()
                                 ? Validation::clean
                                 : Validation::findings;
    }
}

void DraftChange::set_all() {
    for (const auto& [id, subject] : subjects_) {
        if (subject.is_gone) overlay_.set(content::id_key(id), std::nullopt);
        if (subject.is_gone || (subject.before && subject.name_before != subject.name))
            overlay_.set(content::resource_key(subject.kind, subject.name_before), std::nullopt);
    }
    for (auto& [id, subject] : subjects_) {
        set_index(subject);
        if (subject.is_gone) continue;
        if (!subject.before || subject.name_before != subject.name)
            overlay_.set(content::id_key(id), content::id_value(subject.kind, subject.name));
        const content::ResourceValue value{
            .id = id,
            .digest = tree::sha256(*subject.text),
            .size_bytes = static_cast<std::uint32_t>(subject.text->size()),
            .validation = subject.validation,
            .refers = !subject.sites.empty()};
        overlay_.set(content::resource_key(subject.kind, subject.name), value.encode(),
                     std::move(*subject.text));
    }
}

void DraftChange::set_index(const Subject& subject) {
    for (const std::string& key : subject.keys_before)
        if (!subject.keys.contains(key)) overlay_.set(key, std::nullopt);
    for (const std::string& key : subject.keys)
        if (!subject.keys_before.contains(key)) overlay_.set(key, std::string());
}

JsonView DraftChange::document_of(Subject& subject) {
    if (!subject.outline) subject.outline.emplace(*subject.text);
    return subject.outline->root(*subject.text);
}

std::string DraftChange::text_before(const Subject& subject) {
    return overlay_.text(*subject.before);
}

std::optional<ResourceId> DraftChange::named(Kind kind, const std::string& name) const {
    const auto found = names_.find({kind, name});
    if (found == names_.end()) return std::nullopt;
    return found->second;
}

}  // namespace verso::engine
