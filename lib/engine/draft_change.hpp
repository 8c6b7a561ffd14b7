// One change of a draft's resources: what is put and erased at once, and what follows from that for
// others: names that are rewritten where a target was renamed, the index of references, and what
// validation says of those whose targets came, went or changed their meaning.
//
// Everything is decided before anything is set, so that a change that fails leaves no trace.
#pragma once

#include "domain/former_names.hpp"
#include "domain/uuid_v7.hpp"
#include "engine/overlay.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verso::engine {

/// A resource whose shape has been checked, ready to be stored.
struct CheckedResource {
    Kind kind;
    std::optional<ResourceId> id;
    std::string name;
    std::string text;                     ///< of the document, compact
    std::optional<Outline> outline = {};  ///< of the text, where whoever checked it made one
};

/// The field of an error about one part of an element of a list: a JSON Pointer into the list. The
/// field is a pointer into the element, or the name of its member.
[[nodiscard]] std::string field_at(std::size_t place, std::string_view field);

/// An error about an element of a list, its fields being about the element.
[[nodiscard]] Error error_at(std::size_t place, Error error);

/// What is to be done at once.
struct Batch {
    std::vector<CheckedResource> puts = {};
    std::vector<std::pair<Kind, std::string>> erases = {};  ///< that are there
    bool is_list = false;       ///< The caller listed them: errors say the place.
    bool creates_only = false;  ///< Putting in place of another resource is name_taken.
    bool forces = false;        ///< Erasing what others refer to is allowed.
    bool may_dangle = false;    ///< References that lead nowhere are errors to be mended later.
    /// Documents call what they refer to as it is called afterwards. Else they may call what the
    /// batch renames by a name that nothing has any more.
    bool has_new_names = false;
    /// An import's way: nothing is validated, references may dangle, and no document is rewritten:
    /// what stays as it was still means what it says.
    bool is_lenient = false;
};

/// Thread safety: bound. Failures are thrown.
class DraftChange {
public:
    DraftChange(Overlay& overlay, IdSource& ids, const Options& limits, Batch batch);

    /// Does it. Answers the ids of what was put, in its order. Once only.
    std::vector<ResourceId> run();

private:
    using Name = std::pair<Kind, std::string>;

    /// A resource as it was, and as it shall be.
    struct Subject {
        Kind kind;
        ResourceId id;
        std::string name;
        std::optional<std::string> text = {};       ///< None: it goes.
        std::optional<Outline> outline = {};        ///< Of the text, once it was needed.
        std::optional<Overlay::Found> before = {};  ///< None: it is new.
        std::string name_before = {};
        std::size_t place = 0;  ///< Of what is erased, in the list of that.
        bool is_put = false;    ///< By the caller: else it is here for its targets' sake.
        bool is_gone = false;   ///< Erased.
        std::vector<ReferenceSite> sites = {};
        std::set<std::string> keys_before = {};  ///< In the index of references.
        std::set<std::string> keys = {};
        content::Validation validation = content::Validation::none;
    };

    /// The resources as they will be.
    class After final : public Surroundings {
    public:
        explicit After(DraftChange& change) : change_(change), rest_(change.overlay_) {}
        [[nodiscard]] std::optional<ResourceId> resolve(Kind kind,
                                                        const Reference& reference) override;
        [[nodiscard]] std::string document_of(Kind kind, ResourceId id) override;

    private:
        DraftChange& change_;
        OverlaySurroundings rest_;
    };

    void take_erases();
    void take_puts();
    void take_put(CheckedResource resource, const std::optional<Overlay::Located>& located);
    /// Fails with limit_exceeded, name_invalid; `what` is the resource.
    void check_put(const CheckedResource& put, const std::string& what) const;
    /// An error about the document that take_put() is at.
    [[nodiscard]] Error about_field(Errc code, std::string field, const std::string& message) const;
    /// Those for whom something follows from what happens to their targets.
    void take_referrers();
    void take_referrer(ResourceId id);
    void take_all(const std::vector<ResourceId>& referrers);
    [[nodiscard]] bool keeps_meaning(const Subject& target);
    void check_not_referenced();
    void follow_renames();
    void index_references();
    void check_targets();
    void validate_all();
    void set_all();
    void set_index(const Subject& subject);

    [[nodiscard]] std::set<std::string> index_keys(const std::vector<ReferenceSite>& sites,
                                                   ResourceId referrer, Surroundings& at) const;
    /// The document as it shall be. Requires: it does not go.
    [[nodiscard]] static JsonView document_of(Subject& subject);
    [[nodiscard]] std::string text_before(const Subject& subject);
    [[nodiscard]] std::optional<ResourceId> named(Kind kind, const std::string& name) const;

    Overlay& overlay_;
    IdSource& ids_;
    const Options& limits_;
    Batch batch_;
    std::map<ResourceId, Subject> subjects_;
    std::vector<ResourceId> put_ids_;
    std::map<Name, ResourceId> names_;  ///< that are put
    std::set<Name> vacated_;            ///< by what is erased or renamed
    std::vector<RenamedTarget> renamed_;
    std::optional<Error> conflict_;  ///< the first: told once all else is known to be good
};

}  // namespace verso::engine
