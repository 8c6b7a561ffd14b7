// All of verso.
#pragma once

#include <verso/bundle.hpp>
#include <verso/domain/document_change.hpp>
#include <verso/domain/json_patch.hpp>
#include <verso/domain/names.hpp>
#include <verso/http.hpp>
#include <verso/library_version.hpp>
#include <verso/maintenance.hpp>
#include <verso/openapi.hpp>
#include <verso/store.hpp>
#include <verso/sync.hpp>
