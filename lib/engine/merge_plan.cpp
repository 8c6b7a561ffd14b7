#include "engine/merge_plan.hpp"

#include <verso/domain/names.hpp>

#include "domain/document_access.hpp"
#include "domain/document_merge.hpp"
#include "domain/json_parser.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_reader.hpp"
#include "engine/compare.hpp"

#include <algorithm>
#include <tuple>

namespace verso::engine {

namespace {

/// How often one resource may ask for a name that another has: more, and the policy goes in
/// circles.
constexpr unsigned max_clashes = 4;

[[noreturn]] void fail_names(const std::string& name) {
    fail(Errc::name_taken, "the policy gives one name to several resources, \"" + name +
                               "\" among them; let it decide otherwise");
}

std::optional<Resource> resource_of(View& view, const tree::Root& root, Kind kind, ResourceId id) {
    auto found = view.find_resource(root, id);
    if (found && found->kind != kind) found.reset();  // the id went over to another resource
    return found;
}

std::optional<std::string> text_of(const std::optional<Resource>& resource) {
    if (!resource) return std::nullopt;
    return resource->document.text();
}

std::string json_string(std::string_view characters) {
    std::string json;
    append_json_string(json, characters);
    return json;
}

/// The document with another name in it, where its kind has names in documents.
std::string with_name(Kind kind, std::string text, const std::string& name) {
    if (!has_shape(kind)) return text;
    const Outline outline(text);
    const auto value = outline.root(text).find("name");
    if (value && !value->is_string(name))
        text.replace(value->offset(), value->text().size(), json_string(name));
    return text;
}

/// A resource's document as a side has it, with the names of the result in it.
std::string renamed(const Resource& resource, const FormerNames& names, Surroundings& side,
                    const std::string& name) {
    const std::string& text = resource.document.text();
    auto followed = names.follow(resource.kind, text, side);
    return with_name(resource.kind, std::move(followed).value_or(text), name);
}

/// A document that a policy gave, or that came of merging with values that it gave.
std::string checked_document(Kind kind, const std::string& text) {
    return must(to_stored_document(kind, must(Document::parse(text, widest_limits))))
        .document.text();
}

/// The name that a policy gave.
std::string checked_name(const Conflict& conflict) {
    const ParsedJson json = must(parse_json(conflict.resolution.value));
    if (!json.root().is_string())
        fail(Errc::name_invalid,
             "the policy gave " + conflict.resolution.value + " as a name; give a JSON string");
    std::string name = json.root().string();
    must(check_resource_name(conflict.kind, name));
    return name;
}

/// Whether a document refers by name to one of these.
bool refers(Kind referrer, const std::string& document,
            const std::set<std::pair<Kind, std::string>>& named) {
    return std::ranges::any_of(references_of(referrer, document), [&](const ReferenceSite& site) {
        return !site.reference.id && site.reference.name &&
               named.contains({site.target, *site.reference.name});
    });
}

}  // namespace

MergePlan::MergePlan(View& view, const MergedTrees& trees, const MergePolicy& policy)
    : view_(view),
      trees_(trees),
      policy_(policy),
      base_(view, trees.base),
      ours_(view, trees.ours),
      theirs_(view, trees.theirs) {
    ours_renamed_ = load(ours_, ours_changed_);
    load(theirs_, theirs_changed_);
    do settle();
    while (begins_again_);
}

/// All of it. What is there for a reference's sake may have a name that went to another meanwhile:
/// then it begins again, and that one is there from the beginning.
void MergePlan::settle() {
    begins_again_ = false;
    is_open_ = false;
    conflicts_.clear();
    names_put_.clear();
    added_by_both_.clear();
    renames_ = {};
    items_.clear();
    for (const Key& key : theirs_changed_) items_.emplace(key, load_item(key));

    for (auto& [key, item] : items_) settle_presence(key, item);
    for (const auto& [key, conflict] : kept_) {
        Item& item = this->item(key);
        item.is_asked_for = true;
        item.fate = Fate::stays;
        decide(take_down(conflict), item);
    }
    settle_name_clashes();
    write_documents();
    settle_erased_targets();
    settle_missing_targets();
}

// Which resources there are

/// What a side changed, and answers what it renamed. It changed a document also where that is as it
/// was but names what the side gave the name of another resource.
std::vector<RenamedTarget> MergePlan::load(Overlay& side, std::set<Key>& changed) {
    std::vector<RenamedTarget> renamed;
    std::vector<std::pair<Key, std::string>> called;  // anew
    each_change(view_, {trees_.base, side.root()}, {.documents = false}, [&](Change& change) {
        const auto& [kind, id] = *changed.emplace(change.kind, change.id).first;
        if (!is_referable(kind)) return true;
        if (change.old_name) renamed.push_back({kind, id, *change.old_name, change.name});
        if (change.old_name || change.type == ChangeType::added)
            called.push_back({{kind, id}, change.name});
        return true;
    });
    std::map<Key, std::set<Name>> taken_over;  // that a referrer of those may mean
    for (const auto& [target, name] : called)
        if (base_.find(target.first, name))
            for (const Referrer& each : referrers_of(side, target.second))
                taken_over[{each.kind, each.id}].emplace(target.first, name);
    OverlaySurroundings there(side);
    for (const auto& [referrer, names] : taken_over)
        if (refers(referrer.first, there.document_of(referrer.first, referrer.second), names))
            changed.insert(referrer);
    return renamed;
}

MergePlan::Item MergePlan::load_item(const Key& key) {
    const auto& [kind, id] = key;
    return {resource_of(view_, trees_.base, kind, id), resource_of(view_, trees_.ours, kind, id),
            resource_of(view_, trees_.theirs, kind, id)};
}

MergePlan::Item& MergePlan::item(const Key& key) {
    const auto found = items_.find(key);
    return found != items_.end() ? found->second
                                 : items_.emplace(key, load_item(key)).first->second;
}

void MergePlan::settle_presence(const Key& key, Item& item) {
    const bool ours_changed = ours_changed_.contains(key);
    const auto clash = [&](ConflictType type) {
        decide(ask(whole_conflict(type, key, item)), item);
    };
    if (!item.theirs) {
        if (item.ours && ours_changed) return clash(ConflictType::deleted_by_theirs);
        if (item.ours) item.fate = Fate::erased;
    } else if (!item.ours) {
        if (item.base) return clash(ConflictType::deleted_by_ours);
        item.fate = Fate::put;
        item.name = item.theirs->name;
    } else {
        item.fate = Fate::put;
        settle_name(key, item);
    }
}

Conflict MergePlan::whole_conflict(ConflictType type, const Key& key, const Item& item) {
    return {.type = type,
            .kind = key.first,
            .id = key.second,
            .name = item.ours ? item.ours->name : item.theirs->name,
            .base = text_of(item.base),
            .ours = text_of(item.ours),
            .theirs = text_of(item.theirs)};
}

void MergePlan::decide(const Conflict& conflict, Item& item) {
    const auto& [take, value] = conflict.resolution;
    if (take == Take::unresolved || take == Take::ours) return;
    if ((take == Take::theirs && !item.theirs) || (take == Take::base && !item.base)) {
        item.fate = item.ours ? Fate::erased : Fate::stays;
        return;
    }
    item.fate = Fate::put;
    item.name = conflict.name;
    if (take == Take::base) item.decided = item.base->document.text();
    if (take == Take::value) item.decided = checked_document(conflict.kind, value);
}

// What they are called

void MergePlan::settle_name(const Key& key, Item& item) {
    const std::string& ours = item.ours->name;
    const std::string& theirs = item.theirs->name;
    const std::string* const base = item.base ? &item.base->name : nullptr;
    if (ours == theirs || (base && theirs == *base)) {
        item.name = ours;
    } else if (base && ours == *base) {
        item.name = theirs;
    } else {
        const Conflict& conflict =
            ask({.type = ConflictType::rename,
                 .kind = key.first,
                 .id = key.second,
                 .name = ours,
                 .base = base ? std::optional(json_string(*base)) : std::nullopt,
                 .ours = json_string(ours),
                 .theirs = json_string(theirs)});
        switch (conflict.resolution.take) {
            case Take::theirs: item.name = theirs; break;
            case Take::base: item.name = base ? *base : ours; break;
            case Take::value: item.name = checked_name(conflict); break;
            default: item.name = ours;
        }
    }
}

/// Whoever gives way to another may come upon a third. In rounds, of which each looks only at those
/// that the one before gave a reason to: a new name, or that who had the name in ours has come back
/// to it or left it.
void MergePlan::settle_name_clashes() {
    std::map<Name, std::set<Key>> wishes;  // of all that want a name which is not theirs in ours
    std::set<Key> next;
    const auto wish = [&](const Key& key, const Item& item) {
        wishes[{key.first, item.name}].insert(key);
        next.insert(key);
    };
    for (const auto& [key, item] : items_)
        if (has_new_name(item)) wish(key, item);
    while (!next.empty()) {
        std::set<Key> due = std::exchange(next, {});
        for (auto at = due.begin(); at != due.end(); ++at) {
            const auto changed = settle_name_clash(*at, items_.at(*at));
            if (!changed) continue;
            const Item& item = items_.at(*changed);
            if (has_new_name(item)) wish(*changed, item);
            if (!item.ours) continue;
            for (const Key& key : wishes[{changed->first, item.ours->name}])
                (key > *at ? due : next).insert(key);
        }
    }
}

bool MergePlan::has_new_name(const Item& item) {
    return item.fate == Fate::put && (!item.ours || item.ours->name != item.name);
}

std::optional<MergePlan::Key> MergePlan::settle_name_clash(const Key& key, Item& item) {
    if (!has_new_name(item)) return std::nullopt;
    const auto holder = ours_.find(key.first, item.name);
    if (!holder || holder->value.id == key.second) return std::nullopt;
    const Key holding{key.first, holder->value.id};
    const auto known = items_.find(holding);
    if (known != items_.end() && known->second.fate == Fate::erased) return std::nullopt;
    if (known != items_.end() && known->second.fate == Fate::put && known->second.name != item.name)
        return std::nullopt;

    const std::string document = ours_.text(*holder);
    const Item& held = this->item(holding);
    const bool both_added = !item.base && !item.ours && !held.base;
    if (both_added && !item.is_asked_for && document == item.theirs->document.text()) {
        item.fate = Fate::stays;  // nobody needs theirs by its id
        added_by_both_.emplace(holding, key);
        return key;
    }
    if (++item.clashes > max_clashes) fail_names(item.name);
    const Conflict& conflict = ask({.type = ConflictType::name,
                                    .kind = key.first,
                                    .id = holding.second,
                                    .name = item.name,
                                    .base = text_of(held.base),
                                    .ours = document,
                                    .theirs = text_of(item.theirs),
                                    .other = key.second});
    if (conflict.resolution.take == Take::theirs) {
        give_way(holding);
        return holding;
    }
    if (conflict.resolution.take == Take::value)
        item.name = checked_name(conflict);
    else if (item.ours)
        item.name = item.ours->name;
    else
        item.fate = Fate::stays;
    return key;
}

/// A resource of ours leaves its name: it goes back to the one it had in the base, or goes.
void MergePlan::give_way(const Key& holder) {
    Item& item = this->item(holder);
    const bool goes_back = item.base && item.base->name != item.ours->name &&
                           (item.fate != Fate::put || item.name != item.base->name) &&
                           item.clashes < max_clashes;
    item.fate = goes_back ? Fate::put : Fate::erased;
    if (goes_back) item.name = item.base->name;
}

// What their documents are

void MergePlan::settle_renames() {
    const auto add = [](FormerNames& to, const Key& key, const std::optional<Resource>& side,
                        const Item& item) {
        const auto& [kind, id] = key;
        if (!side) return;
        if (side->name != item.name) to.add({kind, id, side->name, item.name});
        if (kind == Kind::parameter) to.add_placeholder(id, side->document.text(), item.text);
    };
    for (const auto& [key, item] : items_) {
        if (item.fate != Fate::put || !is_referable(key.first)) continue;
        add(renames_.base, key, item.base, item);
        add(renames_.ours, key, item.ours, item);
        add(renames_.theirs, key, item.theirs, item);
    }
    for (const RenamedTarget& each : ours_renamed_) {
        if (fate_of({each.kind, each.id}) != Fate::stays) continue;
        renames_.base.add(each);
        const auto holder = theirs_.find(each.kind, each.from);
        if (!holder || holder->value.id == each.id) renames_.theirs.add(each);
    }
    for (const Key& key : ours_changed_) {
        if (key.first != Kind::parameter || fate_of(key) != Fate::stays) continue;
        const Item parameter = load_item(key);
        if (!parameter.base || !parameter.ours) continue;
        const std::string& before = parameter.base->document.text();
        const std::string& now = parameter.ours->document.text();
        renames_.base.add_placeholder(key.second, before, now);
        renames_.theirs.add_placeholder(key.second, before, now);
    }
}

/// Parameters first: they refer to nothing, and paths call them as their documents say.
void MergePlan::write_documents() {
    const auto put_all = [&](bool parameters) {
        for (auto& [key, item] : items_)
            if (item.fate == Fate::put && (key.first == Kind::parameter) == parameters)
                put(key, item);
    };
    put_all(true);
    settle_renames();
    put_all(false);
}

void MergePlan::put(const Key& key, Item& item) {
    if (!names_put_.emplace(key.first, item.name).second) fail_names(item.name);
    write_document(key, item);
}

void MergePlan::write_document(const Key& key, Item& item) {
    if (item.decided) {
        item.text = with_name(key.first, *item.decided, item.name);
        return;
    }
    const std::string ours =
        item.ours ? renamed(*item.ours, renames_.ours, in_ours_, item.name) : "";
    if (!item.theirs) {
        item.text = ours;  // it gave way to another
        return;
    }
    std::string theirs = renamed(*item.theirs, renames_.theirs, in_theirs_, item.name);
    if (!item.ours || !ours_changed_.contains(key)) {
        item.text = std::move(theirs);
        return;
    }
    const std::string base =
        item.base ? renamed(*item.base, renames_.base, in_base_, item.name) : "{}";
    const Conflict about{.kind = key.first, .id = key.second, .name = item.name};
    MergedDocument merged = merge_documents({base, ours, theirs}, policy_, pointers_, about);
    for (Conflict& conflict : merged.conflicts) take_down(std::move(conflict));
    item.text = checked_document(key.first, merged.text);
}

// Whether what is referred to is there

/// What they removed stays if one of ours refers to it and we have our way. Then it is one of ours,
/// and may itself refer to what they removed.
void MergePlan::settle_erased_targets() {
    std::set<Key> found;
    for (const auto& [key, item] : items_)
        if (item.fate == Fate::erased && is_referable(key.first))
            for (const Referrer& each : referrers_of(ours_, key.second))
                found.emplace(each.kind, each.id);
    std::vector<Key> referrers;
    for (const Key& key : found)
        if (fate_of(key) != Fate::erased) referrers.push_back(key);

    for (std::size_t at = 0; at < referrers.size(); ++at) {
        const Key referrer = referrers[at];
        const std::string text = fate_of(referrer) == Fate::put
                                     ? items_.at(referrer).text
                                     : in_ours_.document_of(referrer.first, referrer.second);
        for (const ReferenceSite& site : references_of(referrer.first, text)) {
            if (is_in_result(site)) continue;  // another took over its name, perhaps
            const auto id = in_ours_.resolve(site.target, site.reference);
            if (!id || fate_of({site.target, *id}) != Fate::erased) continue;
            const Key target{site.target, *id};
            Item& erased = items_.at(target);
            const Resource& removed = erased.base ? *erased.base : *erased.ours;
            const auto alike = added_by_both_.find(referrer);
            const Key& theirs = alike == added_by_both_.end() ? referrer : alike->second;
            if (erased.is_asked_for || dangles(theirs_, theirs, removed)) continue;
            erased.fate = Fate::stays;
            ask_for(target, erased, referrer);
            if (erased.fate != Fate::erased) referrers.push_back(target);
        }
    }
}

/// What they refer to comes back if we removed it and they have their way. Then it is one of
/// theirs, and may itself refer to what we removed.
void MergePlan::settle_missing_targets() {
    std::vector<Key> referrers;
    for (const auto& [key, item] : items_)
        if (item.fate == Fate::put) referrers.push_back(key);

    for (std::size_t at = 0; at < referrers.size(); ++at) {
        const Key referrer = referrers[at];
        for (const ReferenceSite& site : references_of(referrer.first, items_.at(referrer).text)) {
            if (is_in_result(site)) continue;
            const auto id = in_theirs_.resolve(site.target, site.reference);
            if (!id) continue;  // it dangles there as well
            const Key target{site.target, *id};
            Item& missing = item(target);
            if (!missing.theirs || missing.is_asked_for) continue;
            const Resource& removed = missing.base ? *missing.base : *missing.theirs;
            if (dangles(ours_, referrer, removed)) continue;
            ask_for(target, missing, referrer);
            if (missing.fate == Fate::put) referrers.push_back(target);
        }
    }
}

/// Asks whether a resource that one side removed is to be there for one that refers to it.
void MergePlan::ask_for(const Key& target, Item& item, const Key& referrer) {
    item.is_asked_for = true;
    Conflict conflict = whole_conflict(ConflictType::reference, target, item);
    conflict.other = referrer.second;
    const Conflict& asked = ask(std::move(conflict));
    decide(asked, item);
    if (!item.ours && item.fate != Fate::put) return;
    if (item.fate != Fate::erased && is_name_taken(target, item)) {
        kept_.emplace(target, asked);
        begins_again_ = true;
    } else if (item.fate == Fate::put) {
        put(target, item);
    }
}

/// Whether another resource of the result has the name that this one has or shall have.
bool MergePlan::is_name_taken(const Key& key, const Item& item) {
    const std::string& name = item.fate == Fate::put ? item.name : item.ours->name;
    if (names_put_.contains({key.first, name})) return true;
    const auto holder = ours_.find(key.first, name);
    return holder && holder->value.id != key.second &&
           fate_of({key.first, holder->value.id}) == Fate::stays;
}

MergePlan::Fate MergePlan::fate_of(const Key& key) const {
    const auto known = items_.find(key);
    return known == items_.end() ? Fate::stays : known->second.fate;
}

/// Whether a side removed this although a resource of its own refers to it.
bool MergePlan::dangles(Overlay& side, const Key& referrer, const Resource& removed) {
    const auto is_indexed = [&](const Reference& reference) {
        return side.contains(content::dangling_key(removed.kind, reference, referrer.second));
    };
    return is_indexed({.id = removed.id}) || is_indexed({.name = removed.name});
}

bool MergePlan::is_in_result(const ReferenceSite& site) {
    const auto& [kind, reference, pointer] = site;
    if (reference.id) {
        const auto known = items_.find({kind, *reference.id});
        if (known != items_.end() && known->second.fate != Fate::stays)
            return known->second.fate == Fate::put;
        const auto located = ours_.locate(*reference.id);
        return located && located->kind == kind;
    }
    const std::string name = reference.name.value_or("");
    if (names_put_.contains({kind, name})) return true;
    const auto holder = ours_.find(kind, name);
    if (!holder) return false;
    const auto known = items_.find({kind, holder->value.id});
    return known == items_.end() || known->second.fate == Fate::stays;
}

// The outcome

const Conflict& MergePlan::ask(Conflict conflict) {
    conflict.resolution = policy_.resolve(conflict);
    return take_down(std::move(conflict));
}

const Conflict& MergePlan::take_down(Conflict conflict) {
    if (conflict.resolution.take == Take::unresolved) is_open_ = true;
    return conflicts_.emplace_back(std::move(conflict));
}

std::vector<Change> MergePlan::changes() const {
    std::vector<Change> changes;
    for (const auto& [key, item] : items_) {
        if (item.fate == Fate::stays) continue;
        Change change{.kind = key.first, .id = key.second};
        if (item.ours) change.before = item.ours->document;
        if (item.fate == Fate::erased) {
            change.type = ChangeType::removed;
            change.name = item.ours->name;
        } else {
            const bool is_renamed = item.ours && item.ours->name != item.name;
            change.type = !item.ours   ? ChangeType::added
                          : is_renamed ? ChangeType::renamed
                                       : ChangeType::changed;
            if (is_renamed) change.old_name = item.ours->name;
            change.name = item.name;
            change.after = DocumentAccess::make(item.text);
            if (!is_renamed && change.before == change.after) continue;
        }
        changes.push_back(std::move(change));
    }
    std::ranges::sort(changes, [](const Change& a, const Change& b) {
        return std::tie(a.kind, a.name, a.id) < std::tie(b.kind, b.name, b.id);
    });
    return changes;
}

Batch MergePlan::erases() const {
    Batch batch{.forces = true};
    for (const auto& [key, item] : items_)
        if (item.fate == Fate::erased) batch.erases.emplace_back(key.first, item.ours->name);
    return batch;
}

Batch MergePlan::puts() const {
    Batch batch{.forces = true, .may_dangle = true, .has_new_names = true};
    for (const auto& [key, item] : items_)
        if (item.fate == Fate::put)
            batch.puts.push_back({key.first, key.second, item.name, item.text});
    return batch;
}

}  // namespace verso::engine
