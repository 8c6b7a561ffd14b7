#include "openapi/export_paths.hpp"

#include "domain/failure.hpp"
#include "openapi/references.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace verso::openapi {

namespace {

/// Texts behind one another. No name holds a line feed that is none of the source's own.
std::string joined(std::initializer_list<std::string_view> texts) {
    std::string all;
    for (const std::string_view text : texts) all.append(text).append("\n");
    return all;
}

[[noreturn]] void fail_for_conflict(const ExportedOperation& a, const ExportedOperation& b) {
    std::string method = a.method;
    for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
    const std::string kind(to_string(a.resource->kind));
    fail(Errc::version_invalid, "both " + kind + " \"" + a.resource->name + "\" and " + kind +
                                    " \"" + b.resource->name + "\" are " + method + ' ' + a.place +
                                    ", which a description can hold once only; change the method "
                                    "or the path of one, or delete it, to export the version");
}

/// The Actions that wait for a callback, in order.
class WaitingActions {
public:
    void add(ExportedOperation& action) {
        by_path_[action.place].actions.push_back(&action);
        by_method_[action.method].actions.push_back(&action);
        all_.actions.push_back(&action);
    }
    /// The first of the path, else of the method, else of all; it waits no more. None: no one does.
    ExportedOperation* take(const std::string& path, const std::string& method) {
        for (Queue* const queue : {&by_path_[path], &by_method_[method], &all_})
            if (ExportedOperation* const action = first_of(*queue)) {
                taken_.insert(action);
                return action;
            }
        return nullptr;
    }

private:
    struct Queue {
        std::vector<ExportedOperation*> actions;
        std::size_t first = 0;
    };
    [[nodiscard]] ExportedOperation* first_of(Queue& queue) const {
        auto& [actions, first] = queue;
        while (first < actions.size() && taken_.contains(actions[first])) ++first;
        return first < actions.size() ? actions[first] : nullptr;
    }

    std::unordered_map<std::string, Queue> by_path_;
    std::unordered_map<std::string, Queue> by_method_;
    Queue all_;
    std::unordered_set<const ExportedOperation*> taken_;
};

}  // namespace

ExportedPaths::Item& ExportedPaths::Items::at(const std::string& key) {
    Item*& item = index[key];
    if (item == nullptr) item = &list.emplace_back(Item{.key = key});
    return *item;
}

std::string ExportedPaths::Callback::origin() const {
    return joined({path, method, trigger->place, trigger->expression});
}

ExportedPaths::ExportedPaths(const VersionContent& content, OperationWriter& writer)
    : writer_(writer) {
    gather_actions(content);
    gather_triggers(content);
    gather_kept_items(content);
}

void ExportedPaths::gather_actions(const VersionContent& content) {
    for (const HeldResource* const resource : content.of(Kind::action)) {
        const std::string path = writer_.path_of(*resource);
        ExportedOperation& action = actions_.emplace_back(writer_.make(*resource, path));
        paths_.at(path).operations.push_back(&action);
        by_place_.emplace(joined({path, action.method}), &action);
    }
}

void ExportedPaths::gather_triggers(const VersionContent& content) {
    std::vector<Callback> callbacks;
    std::vector<ExportedOperation*> unplaced;
    for (const HeldResource* const resource : content.of(Kind::trigger)) {
        const auto webhook = find_note(resource->root(), "webhook", JsonType::string);
        const auto callback = find_note(resource->root(), "callback", JsonType::object);
        const std::string place = webhook    ? webhook->string()
                                  : callback ? text_of(*callback, "name")
                                             : resource->name;
        ExportedOperation& trigger = triggers_.emplace_back(writer_.make(*resource, place));
        if (webhook) {
            webhooks_.at(place).operations.push_back(&trigger);
        } else if (callback) {
            trigger.expression = text_of(*callback, "expression");
            if (callback->find("path"))
                callbacks.push_back(
                    {&trigger, text_of(*callback, "path"), text_of(*callback, "method")});
            else
                shared_callbacks_[place].push_back(&trigger);
        } else {
            unplaced.push_back(&trigger);
        }
    }
    give_to_waiting(give_to_owners(std::move(callbacks)));
    for (ExportedOperation* const trigger : unplaced) add_webhook(*trigger);
}

std::vector<ExportedPaths::Callback> ExportedPaths::give_to_owners(
    std::vector<Callback> callbacks) {
    std::vector<Callback> lost;
    for (Callback& callback : callbacks) {
        const auto owner = by_place_.find(joined({callback.path, callback.method}));
        if (owner == by_place_.end())
            lost.push_back(std::move(callback));
        else
            owner->second->callbacks.push_back(callback.trigger);
    }
    return lost;
}

/// An operation whose path or method was edited still has the callback, without its operations.
void ExportedPaths::give_to_waiting(const std::vector<Callback>& lost) {
    if (lost.empty()) return;
    std::unordered_map<std::string, WaitingActions> waiting;
    for (ExportedOperation& action : actions_) {
        std::set<std::string> served;
        for (const ExportedOperation* const trigger : action.callbacks)
            served.insert(joined({trigger->place, trigger->expression}));
        if (const auto callbacks = action.document().find("callbacks"))
            for (const auto [name, callback] : callbacks->members())
                for (const auto [expression, item] : callback.members()) {
                    const std::string key = joined({name.string(), expression.string()});
                    if (!served.contains(key)) waiting[key].add(action);
                }
    }
    std::unordered_map<std::string, ExportedOperation*> owners;
    for (const Callback& callback : lost) {
        const auto [known, is_new] = owners.try_emplace(callback.origin(), nullptr);
        if (is_new)
            known->second =
                waiting[joined({callback.trigger->place, callback.trigger->expression})].take(
                    callback.path, callback.method);
        if (known->second != nullptr)
            known->second->callbacks.push_back(callback.trigger);
        else
            add_webhook(*callback.trigger);
    }
}

/// Under a name where nobody has its method.
void ExportedPaths::add_webhook(ExportedOperation& trigger) {
    const std::string& wanted = trigger.place;
    unsigned& tried = webhooks_tried_[joined({wanted, trigger.method})];
    while (true) {
        ++tried;
        Item& item = webhooks_.at(tried == 1 ? wanted : wanted + '_' + std::to_string(tried));
        const bool is_free = std::none_of(
            item.operations.begin(), item.operations.end(),
            [&](const ExportedOperation* other) { return other->method == trigger.method; });
        if (is_free) return item.operations.push_back(&trigger);
    }
}

void ExportedPaths::gather_kept_items(const VersionContent& content) {
    for (const HeldResource* const resource : content.of(Kind::path_item)) {
        const KeptPart part = kept_part_of(*resource);
        if (!part.place || part.place->size() != 2) continue;
        const std::string& section = part.place->front();
        if (section != "paths" && section != "webhooks") continue;
        Item& item = (section == "paths" ? paths_ : webhooks_).at(part.place->back());
        if (!item.kept) item.kept = part.value;
    }
}

void ExportedPaths::add_items(Members& section, const Items& items) {
    for (const Item& item : items.list)
        section.add(item.key, write_item(item.kept, item.operations));
}

std::string ExportedPaths::write_item(std::optional<JsonView> kept, const Operations& operations) {
    const auto listed = kept ? kept->find("parameters") : std::nullopt;
    const InheritedParameters inherited =
        listed ? writer_.inherited(*listed, operations) : InheritedParameters{};
    Members made;
    std::map<std::string_view, const ExportedOperation*> by_method;
    for (const ExportedOperation* const operation : operations) {
        const auto [other, is_first] = by_method.emplace(operation->method, operation);
        if (!is_first) fail_for_conflict(*other->second, *operation);
        made.add(operation->method, write(*operation, inherited));
    }
    if (!kept) return made.text();
    Members members;
    const bool all_inherited = !listed || inherited.elements.size() == listed->elements().size();
    if (!all_inherited && !inherited.elements.empty()) {
        JsonWriter list;
        list.begin_array();
        for (const JsonView element : inherited.elements) list.raw(element.text());
        members.add("parameters", list.end_array().text());
    }
    const MemberNames leading{"$ref", "summary", "description"};
    const MemberNames dropped{"parameters"};
    copy_source(members, *kept, {all_inherited ? MemberNames{} : dropped, leading}, made);
    return members.text();
}

std::string ExportedPaths::write(const ExportedOperation& operation,
                                 const InheritedParameters& inherited) {
    std::optional<std::string> callbacks;
    const auto kept = operation.document().find("callbacks");
    if (operation.is_action() && !operation.callbacks.empty())
        callbacks = write_callbacks(kept, operation.callbacks);
    return writer_.write(operation, inherited, callbacks);
}

std::string ExportedPaths::write_callbacks(std::optional<JsonView> kept,
                                           const Operations& triggers) {
    std::map<std::string, Operations> by_name;
    std::vector<std::string> names;
    for (const ExportedOperation* const trigger : triggers) {
        Operations& namesakes = by_name[trigger->place];
        if (namesakes.empty()) names.push_back(trigger->place);
        namesakes.push_back(trigger);
    }
    Members callbacks;
    if (kept)
        for (const auto [key, callback] : kept->members()) {
            const std::string name = key.string();
            const auto found = by_name.find(name);
            callbacks.add(name, found == by_name.end() ? std::string(callback.text())
                                                       : write_callback(callback, found->second));
        }
    for (const std::string& name : names)
        if (!callbacks.contains(name))
            callbacks.add(name, write_callback(std::nullopt, by_name.at(name)));
    return callbacks.text();
}

std::string ExportedPaths::write_callback(std::optional<JsonView> kept,
                                          const Operations& triggers) {
    std::map<std::string, Operations> by_expression;
    for (const ExportedOperation* const trigger : triggers)
        by_expression[trigger->expression].push_back(trigger);
    Members callback;
    if (kept)
        for (const auto [key, item] : kept->members()) {
            const auto found = by_expression.find(key.string());
            const bool is_waiting = found != by_expression.end() && !is_extension(key);
            callback.add(key.string(),
                         is_waiting ? write_item(item, found->second) : std::string(item.text()));
        }
    for (const auto& [expression, operations] : by_expression)
        if (!callback.contains(expression))
            callback.add(expression, write_item(std::nullopt, operations));
    return callback.text();
}

void ExportedPaths::add_callbacks(const VersionContent& content, const ExportKeys& keys,
                                  Members& callbacks) {
    for (const HeldResource* const resource : content.of(Kind::callback)) {
        const std::string& name = keys.of(*resource);
        const JsonView kept = kept_part_of(*resource).value;
        const auto found = shared_callbacks_.find(name);
        callbacks.add(name, found == shared_callbacks_.end() ? std::string(kept.text())
                                                             : write_callback(kept, found->second));
    }
    for (const auto& [name, triggers] : shared_callbacks_)
        if (!callbacks.contains(name)) callbacks.add(name, write_callback(std::nullopt, triggers));
}

}  // namespace verso::openapi
