#include "tests/loggen/actions.h"

#include <string.h>

#define BIT(touchpoint) (UINT32_C(1) << (touchpoint))

static const struct action actions[] = {
    /* Pages that are no touchpoint, however much they look like one. */
    {"home", "GET /", 200, TRUTH_PAGE, 0, 0},
    {"category", "GET /category/%u", 200, TRUTH_PAGE, 0, 0},
    {"search", "GET /search?q=winter+boots+%u", 200, TRUTH_PAGE, 0, 0},
    {"campaign", "GET /?utm_source=letter&preference=%u", 200, TRUTH_PAGE, 0, 0},
    {"products", "GET /products/%u", 200, TRUTH_PAGE, 0, 0},
    {"cart-help", "GET /cart/help", 200, TRUTH_PAGE, 0, 0},
    {"login", "POST /login", 303, TRUTH_PAGE, 0, 0},
    {"page-404", "GET /gone/%u", 404, TRUTH_PAGE, 0, 0},
    {"page-500", "GET /broken/%u", 500, TRUTH_PAGE, 0, 0},
    /* Products and reviews. */
    {"product", "GET /product/%u", 200, TRUTH_PAGE, BIT(TOUCH_PRODUCT), 0},
    {"product-304", "GET /product/%u", 304, TRUTH_PAGE, BIT(TOUCH_PRODUCT), 0},
    {"product-404", "GET /product/%u", 404, TRUTH_PAGE, 0, BIT(TOUCH_PRODUCT)},
    {"product-moved", "GET /product/%u", 301, TRUTH_PAGE, 0, 0},
    {"product-head", "HEAD /product/%u", 200, TRUTH_OTHER, 0, 0},
    {"product-post", "POST /product/%u", 200, TRUTH_PAGE, 0, 0},
    {"product-ref", "GET /product/%u?ref=anna", 200, TRUTH_PAGE,
     BIT(TOUCH_PRODUCT) | BIT(TOUCH_REFERRAL), 0},
    {"review", "GET /product/%u/reviews", 200, TRUTH_PAGE, BIT(TOUCH_REVIEW), 0},
    {"reviews", "GET /reviews", 200, TRUTH_PAGE, BIT(TOUCH_REVIEW), 0},
    {"home-ref", "GET /?ref=friend-%u", 200, TRUTH_PAGE, BIT(TOUCH_REFERRAL), 0},
    {"gone-ref", "GET /gone/%u?ref=berta", 410, TRUTH_PAGE, 0, BIT(TOUCH_REFERRAL)},
    /* From the cart to the end. */
    {"cart", "GET /cart", 200, TRUTH_PAGE, BIT(TOUCH_CART), 0},
    {"cart-add", "POST /cart/add", 302, TRUTH_PAGE, BIT(TOUCH_CART), 0},
    {"cart-500", "GET /cart", 500, TRUTH_PAGE, 0, BIT(TOUCH_CART)},
    {"cart-409", "POST /cart/add", 409, TRUTH_PAGE, 0, BIT(TOUCH_CART)},
    {"cart-moved", "GET /cart", 302, TRUTH_PAGE, 0, 0},
    {"checkout", "GET /checkout", 200, TRUTH_PAGE, BIT(TOUCH_CHECKOUT), 0},
    {"checkout-503", "GET /checkout", 503, TRUTH_PAGE, 0, BIT(TOUCH_CHECKOUT)},
    {"express", "GET /express-checkout", 200, TRUTH_PAGE, BIT(TOUCH_EXPRESS), 0},
    {"express-500", "POST /express-checkout", 500, TRUTH_PAGE, 0, BIT(TOUCH_EXPRESS)},
    {"payment", "GET /checkout/payment", 200, TRUTH_PAGE, BIT(TOUCH_PAYMENT), 0},
    {"payment-post", "POST /checkout/payment", 303, TRUTH_PAGE, BIT(TOUCH_PAYMENT), 0},
    {"payment-502", "POST /checkout/payment", 502, TRUTH_PAGE, 0, BIT(TOUCH_PAYMENT)},
    {"thanks", "GET /order/%u/thanks", 200, TRUTH_PAGE, BIT(TOUCH_CONFIRMATION), 0},
    {"thanks-500", "GET /order/%u/thanks", 500, TRUTH_PAGE, 0, BIT(TOUCH_CONFIRMATION)},
    /* The account and its end. */
    {"account", "GET /account", 200, TRUTH_PAGE, BIT(TOUCH_ACCOUNT), 0},
    {"account-302", "GET /account", 302, TRUTH_PAGE, 0, 0},
    {"cancel-page", "GET /account/cancel", 200, TRUTH_PAGE, BIT(TOUCH_CANCEL_PAGE), 0},
    {"cancel-page-500", "GET /account/cancel", 500, TRUTH_PAGE, 0, BIT(TOUCH_CANCEL_PAGE)},
    {"cancel", "POST /account/cancel", 302, TRUTH_PAGE, BIT(TOUCH_CANCELLED), 0},
    {"cancel-200", "POST /account/cancel", 200, TRUTH_PAGE, BIT(TOUCH_CANCELLED), 0},
    {"cancel-422", "POST /account/cancel", 422, TRUTH_PAGE, 0, BIT(TOUCH_CANCELLED)},
    /* Terms and complaints. */
    {"terms", "GET /terms", 200, TRUTH_PAGE, BIT(TOUCH_TERMS_PAGE), 0},
    {"legal", "GET /legal/privacy/%u", 200, TRUTH_PAGE, BIT(TOUCH_TERMS_PAGE), 0},
    {"terms-search", "GET /search?q=Terms+of+use", 200, TRUTH_PAGE, BIT(TOUCH_TERMS_SEARCH), 0},
    {"agb-search", "GET /suche?lang=de&q=AGB%%20Widerruf", 200, TRUTH_PAGE, BIT(TOUCH_TERMS_SEARCH),
     0},
    {"agbs-search", "GET /search?q=stagbeetle+terms+%u", 200, TRUTH_PAGE, 0, 0},
    {"complaint", "GET /contact/complaint", 200, TRUTH_PAGE, BIT(TOUCH_COMPLAINT_FORM), 0},
    {"complaint-sent", "POST /contact/complaint", 303, TRUTH_PAGE, BIT(TOUCH_COMPLAINT_SENT), 0},
    {"complaint-500", "POST /contact/complaint", 500, TRUTH_PAGE, 0, BIT(TOUCH_COMPLAINT_SENT)},
    /* What is no page. */
    {"api", "GET /api/recommendations?n=%u", 200, TRUTH_CALL, 0, 0},
    {"api-500", "POST /api/cart", 500, TRUTH_CALL, 0, 0},
    {"stock", "GET /api/stock/%u", 200, TRUTH_CALL, BIT(TOUCH_STOCK), 0},
    {"stock-503", "GET /api/stock/%u", 503, TRUTH_CALL, 0, BIT(TOUCH_STOCK)},
    {"asset", "GET /static/late-%u.js", 200, TRUTH_ASSET, 0, 0},
    {"asset-404", "GET /static/cart.png?v=%u", 404, TRUTH_ASSET, 0, 0},
    {"robots", "GET /robots.txt", 200, TRUTH_ASSET, 0, 0},
    {"options", "OPTIONS /cart", 204, TRUTH_OTHER, 0, 0},
    {"no-request", "-", 408, TRUTH_OTHER, 0, 0},
    {"tls", "\\x16\\x03\\x01\\x02", 400, TRUTH_OTHER, 0, 0},
};

const struct action *action_find(const char *name, size_t name_size)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (strlen(actions[i].name) == name_size && memcmp(actions[i].name, name, name_size) == 0)
            return &actions[i];
    return NULL;
}
