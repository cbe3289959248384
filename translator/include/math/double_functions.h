// The double functions.
#pragma once
