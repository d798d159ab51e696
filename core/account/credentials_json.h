// Credentials as a JSON document: sealed for the central store, plain for a file of the owner's.
//
// Reading takes at most max_document_bytes, eight levels of nesting, no key twice in an object, and no number
// with a fraction where a whole one belongs. Fields it does not know are kept in Credentials::unknown_fields
// and written back. Writing throws Invalid, naming the field, for whatever reading would refuse.
#pragma once

#include <string>
#include <string_view>

#include "core/account/credentials.h"
#include "core/seal/store_key.h"

namespace warifu {

// For the store. `key` may be null only when reading: the secrets are then left empty and only recovery codes
// work. Reading throws Unavailable, naming the field, for anything out of bounds, a document that is not this
// subject's, and a secret that this key did not seal.
std::string to_sealed_json(const Credentials& credentials, const StoreKey& key);
Credentials from_sealed_json(std::string_view json, const Subject& subject, const StoreKey* key);

// For ~/.warifu: secrets in base32. A Secret, since it holds them. Reading throws as above.
Secret to_plain_json(const Credentials& credentials);
Credentials from_plain_json(std::string_view json, const Subject& subject);

}  // namespace warifu
