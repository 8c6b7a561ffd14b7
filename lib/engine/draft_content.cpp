#include "engine/draft_content.hpp"

#include <verso/domain/names.hpp>

#include "domain/document_access.hpp"
#include "domain/json_parser.hpp"
#include "domain/resource_reader.hpp"
#include "engine/limits.hpp"

#include <algorithm>
#include <set>

namespace verso::engine {

Resource DraftContent::put(Kind kind, std::optional<std::string_view> name,
                           const Document& document, Mode mode) {
    check_open();
    Batch batch{.creates_only = mode == Mode::create};
    batch.puts.push_back(checked(kind, name, document));
    return std::move(run(kind, std::move(batch)).front());
}

std::vector<Resource> DraftContent::put(Kind kind, std::span<const Document> documents, Mode mode) {
    check_open();
    check_batch(documents.size());
    Batch batch{.is_list = true, .creates_only = mode == Mode::create};
    batch.puts.reserve(documents.size());
    for (std::size_t i = 0; i < documents.size(); ++i) {
        try {
            batch.puts.push_back(checked(kind, std::nullopt, documents[i]));
        } catch (Failure& failure) {
            if (documents.size() > 1)
                failure.error.message =
                    "document " + std::to_string(i) + ": " + failure.error.message;
            fail(error_at(i, std::move(failure.error)));
        }
    }
    return run(kind, std::move(batch));
}

Resource DraftContent::replace(Kind kind, std::string_view name, const Document& document) {
    check_open();
    const auto found = overlay_.find(kind, name);
    if (!found) fail(unknown(kind, name));
    Batch batch;
    CheckedResource& put = batch.puts.emplace_back(checked(kind, std::nullopt, document));
    if (put.id && *put.id != found->value.id) {
        fail_field(Errc::id_invalid, "id",
                   std::string(to_string(kind)) + " \"" + std::string(name) + "\" has id " +
                       to_string(found->value.id) + ", not " + to_string(*put.id) +
                       "; leave the id out, or give its own");
    }
    put.id = found->value.id;
    return std::move(run(kind, std::move(batch)).front());
}

void DraftContent::erase(Kind kind, std::string_view name, bool force) {
    check_open();
    if (!overlay_.find(kind, name)) fail(unknown(kind, name));
    Batch batch{.forces = force};
    batch.erases.emplace_back(kind, name);
    change(std::move(batch));
}

void DraftContent::erase(Kind kind, std::span<const std::string> names, bool force) {
    check_open();
    check_batch(names.size());
    Batch batch{.is_list = true, .forces = force};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!overlay_.find(kind, names[i])) fail(error_at(i, unknown(kind, names[i])));
        batch.erases.emplace_back(kind, names[i]);
    }
    change(std::move(batch));
}

Error DraftContent::unknown(Kind kind, std::string_view name) const {
    return unknown_resource({version_.connection, version_.record.name}, kind, name);
}

void DraftContent::change(Batch batch) {
    check_open();
    DraftChange(overlay_, ids_, options_, std::move(batch)).run();
}

void DraftContent::pick(const tree::Root& theirs, const std::vector<Resource>& resources) {
    Overlay their_content(view_, theirs);
    OverlaySurroundings there(their_content);
    OverlaySurroundings here(overlay_);
    std::set<ResourceId> known;  // what is picked has their name here too
    for (const Resource& each : resources) known.insert(each.id);
    FormerNames names;
    const auto call = [&](Kind kind, ResourceId id) {
        const auto ours = overlay_.locate(id);
        if (!ours || ours->kind != kind) return;
        std::string former = their_content.locate(id)->name;
        if (former != ours->name) names.add({kind, id, std::move(former), ours->name});
        if (kind == Kind::parameter)
            names.add_placeholder(id, there.document_of(kind, id), here.document_of(kind, id));
    };
    for (const Resource& each : resources)
        for (const ReferenceSite& site : references_of(each.kind, each.document.text()))
            if (const auto id = there.resolve(site.target, site.reference))
                if (known.insert(*id).second) call(site.target, *id);

    Batch batch{.has_new_names = true};
    for (const Resource& each : resources) {
        const std::string& text = each.document.text();
        batch.puts.push_back(
            {each.kind, each.id, each.name, names.follow(each.kind, text, there).value_or(text)});
    }
    change(std::move(batch));
}

void DraftContent::restore(const tree::Root& root) {
    check_open();
    const auto put = [&](const tree::Difference& difference) {
        const auto& [now, then] = difference;
        std::optional<std::string> value;
        std::string payload;
        if (then) value = then->value;
        if (then && then->locator.payload != 0)
            payload = view_.document(content::ResourceValue::decode(*value), then->locator).text();
        overlay_.set(std::string(then ? then->key : now->key), std::move(value),
                     std::move(payload));
        return true;
    };
    tree::diff(view_.nodes(), version_.root, root, {}, put);
}

std::vector<Resource> DraftContent::run(Kind kind, Batch batch) {
    std::vector<std::string> names;
    for (const CheckedResource& put : batch.puts) names.push_back(put.name);
    change(std::move(batch));
    std::vector<Resource> resources;
    resources.reserve(names.size());
    for (const std::string& name : names)
        resources.push_back(overlay_.resource(kind, name, overlay_.find(kind, name).value()));
    return resources;
}

CheckedResource DraftContent::checked(Kind kind, std::optional<std::string_view> name,
                                      const Document& document) const {
    StoredDocument stored = must(to_stored_document(kind, document));
    if (name) {
        if (has_shape(kind))
            fail(Errc::option_invalid, "the name of " + std::string(to_string(kind)) + " \"" +
                                           stored.name +
                                           "\" stands in its document; put it without one");
        stored.name = *name;
    }
    must(check_resource_name(kind, stored.name));
    return {kind, stored.id, std::move(stored.name), stored.document.text(),
            std::move(stored.outline)};
}

std::optional<Resource> DraftContent::find(Kind kind, std::string_view name) {
    const auto found = overlay_.find(kind, name);
    if (!found) return std::nullopt;
    return overlay_.resource(kind, name, *found);
}

std::optional<Resource> DraftContent::find(ResourceId id) {
    const auto located = overlay_.locate(id);
    if (!located) return std::nullopt;
    return find(located->kind, located->name);
}

std::vector<Resource> DraftContent::list(Kind kind) {
    std::vector<Resource> resources;
    overlay_.scan(content::resources_of(kind), [&](const Overlay::Entry& entry) {
        const Overlay::Found found{content::ResourceValue::decode(entry.value), entry.locator,
                                   entry.pending};
        const std::string_view name = content::read_resource_key(entry.key).name;
        resources.push_back(overlay_.resource(kind, name, found));
        return true;
    });
    return resources;
}

void DraftContent::rebase(const VersionRecord& record, const tree::Root& root) {
    version_.record = record;
    version_.root = root;
    overlay_.rebase(root);
}

void DraftContent::check_open() const {
    if (closed_) fail(*closed_);
}

void DraftContent::check_batch(std::size_t size) const {
    if (size > options_.max_batch)
        fail(Errc::limit_exceeded,
             "the call names " + std::to_string(size) + " resources, more than the " +
                 std::to_string(options_.max_batch) + " that one call may; use several");
}

}  // namespace verso::engine
