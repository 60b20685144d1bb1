/*
 * Rows say who else puts them there:
 *
 *     GA4      the default channel group of Google Analytics, and its list of source categories
 *     Matomo   search engines, social networks, AI assistants by Matomo's lists; its campaigns
 *     owner    the owner of the host or parameter says what it is for
 *     DNS      whole labels: who can register the host is somebody else
 *     ours     a rule of sources.h
 *
 * GA4 is support.google.com/analytics/answer/9756891 and what it links to; its Paid, Display,
 * Affiliates, SMS, Audio and Mobile Push are campaigns here. Matomo's lists are
 * github.com/matomo-org/searchengine-and-social-list.
 */
#include "funnel/sources.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "funnel/source_hosts.h"

#define ROWS(table) (int)(sizeof(table) / sizeof(table)[0])

static const struct slice own_items[] = {{"shop.example", 12}, {"firma.co.uk", 11}};
static const struct own_hosts own_hosts = {own_items, 2};

/* ---- by the referrer ---- */

struct referrer_row {
    const char *by;
    const char *host; /* or a whole URL */
    const char *class;
    const char *name;
};

static const struct referrer_row referrers[] = {
    /* addresses */
    {"ours", "192.168.0.1", "referral", "(address)"},
    {"ours", "http://203.0.113.9:8080/a", "referral", "(address)"},
    {"ours", "http://[2001:db8::1]:8080/", "referral", "(address)"},
    {"ours", "http://2130706433/", "referral", "(address)"},
    {"ours", "10.example", "referral", "10.example"},
    {"ours", "a1.b2", "referral", "a1.b2"},
    {"ours", "b\xc3\xb6rse.example", "referral", "b\xc3\xb6rse.example"},
    /* advertisers */
    {"owner", "googleads.g.doubleclick.net", "campaign", "google ads"},
    {"owner", "tpc.googlesyndication.com", "campaign", "google ads"},
    {"owner", "www.googleadservices.com", "campaign", "google ads"},
    {"ours", "notdoubleclick.net", "referral", "notdoubleclick.net"},
    /* search */
    {"Matomo", "www.google.com", "search", "google.com"},
    {"Matomo", "google.com", "search", "google.com"},
    {"Matomo", "www.google.de", "search", "google.com"},
    {"Matomo", "HTTPS://WWW.Google.DE/", "search", "google.com"},
    {"Matomo", "www.google.co.uk", "search", "google.com"},
    {"Matomo", "www.google.com.br", "search", "google.com"},
    {"Matomo", "www.google.co.jp", "search", "google.com"},
    {"Matomo", "www.google.com.hk", "search", "google.com"},
    {"Matomo", "google.at", "search", "google.com"},
    {"owner", "www.google.cat", "search", "google.com"},
    {"Matomo", "encrypted.google.com", "search", "google.com"},
    {"Matomo", "images.google.fr", "search", "google.com"},
    {"Matomo", "cse.google.com", "search", "google.com"},
    {"Matomo", "scholar.google.de", "search", "google.com"},
    {"Matomo", "maps.google.com", "search", "google.com"},
    {"Matomo", "webcache.googleusercontent.com", "search", "google.com"},
    {"Matomo", "news.google.com", "search", "news.google.com"},
    {"Matomo", "android-app://com.google.android.googlequicksearchbox/", "search", "google.com"},
    {"Matomo", "android-app://com.google.android.googlequicksearchbox/https/www.google.com",
     "search", "google.com"},
    {"Matomo", "www.bing.com", "search", "bing.com"},
    {"Matomo", "cn.bing.com", "search", "bing.com"},
    {"Matomo", "cc.bingj.com", "search", "bing.com"},
    {"Matomo", "duckduckgo.com", "search", "duckduckgo.com"},
    {"Matomo", "r.duckduckgo.com", "search", "duckduckgo.com"},
    {"Matomo", "search.yahoo.com", "search", "yahoo.com"},
    {"Matomo", "r.search.yahoo.com", "search", "yahoo.com"},
    {"Matomo", "de.search.yahoo.com", "search", "yahoo.com"},
    {"Matomo", "images.search.yahoo.com", "search", "yahoo.com"},
    {"Matomo", "search.yahoo.co.jp", "search", "yahoo.com"},
    {"GA4", "www.yahoo.com", "search", "yahoo.com"},
    {"Matomo", "yandex.ru", "search", "yandex.com"},
    {"Matomo", "www.yandex.com.tr", "search", "yandex.com"},
    {"Matomo", "m.yandex.by", "search", "yandex.com"},
    {"owner", "ya.ru", "search", "yandex.com"},
    {"Matomo", "www.baidu.com", "search", "baidu.com"},
    {"Matomo", "m.baidu.com", "search", "baidu.com"},
    {"Matomo", "www.ecosia.org", "search", "ecosia.org"},
    {"Matomo", "lite.qwant.com", "search", "qwant.com"},
    {"Matomo", "eu.startpage.com", "search", "startpage.com"},
    {"owner", "search.brave.com", "search", "search.brave.com"},
    {"owner", "kagi.com", "search", "kagi.com"},
    {"Matomo", "search.seznam.cz", "search", "seznam.cz"},
    {"Matomo", "search.naver.com", "search", "naver.com"},
    {"owner", "m.search.naver.com", "search", "naver.com"},
    {"Matomo", "search.daum.net", "search", "daum.net"},
    {"Matomo", "www.sogou.com", "search", "sogou.com"},
    {"Matomo", "m.so.com", "search", "so.com"},
    {"Matomo", "yz.m.sm.cn", "search", "sm.cn"},
    {"Matomo", "www.ask.com", "search", "ask.com"},
    {"Matomo", "nortonsafe.search.ask.com", "search", "ask.com"},
    {"Matomo", "search.aol.com", "search", "aol.com"},
    {"Matomo", "suche.t-online.de", "search", "t-online.de"},
    {"Matomo", "suche.web.de", "search", "web.de"},
    {"Matomo", "suche.gmx.net", "search", "gmx.net"},
    {"Matomo", "go.mail.ru", "search", "mail.ru"},
    {"Matomo", "nova.rambler.ru", "search", "rambler.ru"},
    {"Matomo", "coccoc.com", "search", "coccoc.com"},
    {"Matomo", "www.metager.de", "search", "metager.org"},
    {"Matomo", "search.lilo.org", "search", "lilo.org"},
    {"Matomo", "lycos.de", "search", "lycos.com"},
    {"owner", "swisscows.com", "search", "swisscows.com"},
    {"owner", "www.mojeek.com", "search", "mojeek.com"},
    {"ours", "searx.example.org", "search", "searx.example.org"},
    /* assistants */
    {"Matomo", "chatgpt.com", "ai-assistant", "chatgpt.com"},
    {"Matomo", "chat.openai.com", "ai-assistant", "chatgpt.com"},
    {"Matomo", "labs.openai.com", "ai-assistant", "chatgpt.com"},
    {"Matomo", "www.perplexity.ai", "ai-assistant", "perplexity.ai"},
    {"Matomo", "claude.ai", "ai-assistant", "claude.ai"},
    {"Matomo", "gemini.google.com", "ai-assistant", "gemini.google.com"},
    {"Matomo", "bard.google.com", "ai-assistant", "gemini.google.com"},
    {"Matomo", "notebooklm.google.com", "ai-assistant", "notebooklm.google.com"},
    {"Matomo", "copilot.microsoft.com", "ai-assistant", "copilot.microsoft.com"},
    {"owner", "copilot.cloud.microsoft", "ai-assistant", "copilot.microsoft.com"},
    {"owner", "edgeservices.bing.com", "ai-assistant", "copilot.microsoft.com"},
    {"Matomo", "you.com", "ai-assistant", "you.com"},
    {"Matomo", "chat.deepseek.com", "ai-assistant", "deepseek.com"},
    {"Matomo", "grok.com", "ai-assistant", "grok.com"},
    {"Matomo", "www.meta.ai", "ai-assistant", "meta.ai"},
    {"Matomo", "chat.mistral.ai", "ai-assistant", "mistral.ai"},
    {"Matomo", "chat.qwen.ai", "ai-assistant", "qwen.ai"},
    {"Matomo", "chatglm.cn", "ai-assistant", "chatglm.cn"},
    {"Matomo", "yiyan.baidu.com", "ai-assistant", "yiyan.baidu.com"},
    {"Matomo", "ai.baidu.com", "ai-assistant", "yiyan.baidu.com"},
    {"Matomo", "iask.ai", "ai-assistant", "iask.ai"},
    {"Matomo", "app.jasper.ai", "ai-assistant", "jasper.ai"},
    {"Matomo", "chatplus.com", "ai-assistant", "chatplus.com"},
    {"Matomo", "chat-gpt.org", "ai-assistant", "chat-gpt.org"},
    {"owner", "poe.com", "ai-assistant", "poe.com"},
    {"owner", "www.phind.com", "ai-assistant", "phind.com"},
    {"owner", "www.kimi.com", "ai-assistant", "kimi.com"},
    {"owner", "www.doubao.com", "ai-assistant", "doubao.com"},
    /* social networks */
    {"Matomo", "www.facebook.com", "social", "facebook.com"},
    {"Matomo", "l.facebook.com", "social", "facebook.com"},
    {"owner", "lm.facebook.com", "social", "facebook.com"},
    {"Matomo", "m.facebook.com", "social", "facebook.com"},
    {"Matomo", "l.instagram.com", "social", "instagram.com"},
    {"Matomo", "t.co", "social", "x.com"},
    {"Matomo", "twitter.com", "social", "x.com"},
    {"owner", "x.com", "social", "x.com"},
    {"Matomo", "www.linkedin.com", "social", "linkedin.com"},
    {"Matomo", "lnkd.in", "social", "linkedin.com"},
    {"owner", "android-app://com.linkedin.android/", "social", "linkedin.com"},
    {"Matomo", "www.pinterest.com", "social", "pinterest.com"},
    {"owner", "www.pinterest.co.uk", "social", "pinterest.com"},
    {"owner", "pinterest.de", "social", "pinterest.com"},
    {"Matomo", "www.reddit.com", "social", "reddit.com"},
    {"owner", "out.reddit.com", "social", "reddit.com"},
    {"Matomo", "np.reddit.com", "social", "reddit.com"},
    {"Matomo", "www.youtube.com", "social", "youtube.com"},
    {"Matomo", "youtu.be", "social", "youtube.com"},
    {"owner", "www.tiktok.com", "social", "tiktok.com"},
    {"owner", "l.threads.net", "social", "threads.com"},
    {"owner", "bsky.app", "social", "bsky.app"},
    {"owner", "mastodon.social", "social", "mastodon.social"},
    {"ours", "mastodon.example.org", "social", "mastodon.example.org"},
    {"Matomo", "away.vk.com", "social", "vk.com"},
    {"Matomo", "odnoklassniki.ru", "social", "ok.ru"},
    {"Matomo", "weibo.com", "social", "weibo.com"},
    {"Matomo", "t.cn", "social", "weibo.com"},
    {"Matomo", "www.xing.com", "social", "xing.com"},
    {"Matomo", "www.tumblr.com", "social", "tumblr.com"},
    {"owner", "t.umblr.com", "social", "tumblr.com"},
    {"GA4", "www.quora.com", "social", "quora.com"},
    {"Matomo", "news.ycombinator.com", "social", "news.ycombinator.com"},
    {"owner", "discord.com", "social", "discord.com"},
    {"Matomo", "web.telegram.org", "social", "telegram.org"},
    {"owner", "t.me", "social", "telegram.org"},
    {"Matomo", "android-app://org.telegram.messenger/", "social", "telegram.org"},
    {"owner", "web.whatsapp.com", "social", "whatsapp.com"},
    {"Matomo", "my.mail.ru", "social", "my.mail.ru"},
    {"Matomo", "plus.google.com", "social", "plus.google.com"},
    {"Matomo", "qzone.qq.com", "social", "qzone.qq.com"},
    {"owner", "tieba.baidu.com", "social", "tieba.baidu.com"},
    {"owner", "www.snapchat.com", "social", "snapchat.com"},
    {"owner", "nextdoor.co.uk", "social", "nextdoor.com"},
    /* webmail */
    {"owner", "mail.google.com", "email", "mail.google.com"},
    {"owner", "android-app://com.google.android.gm/", "email", "mail.google.com"},
    {"owner", "outlook.live.com", "email", "outlook.com"},
    {"owner", "outlook.office.com", "email", "outlook.com"},
    {"owner", "eur01.safelinks.protection.outlook.com", "email", "outlook.com"},
    {"owner", "mail.yahoo.com", "email", "mail.yahoo.com"},
    {"owner", "us-mg5.mail.yahoo.com", "email", "mail.yahoo.com"},
    {"owner", "mail.yahoo.co.jp", "email", "mail.yahoo.com"},
    {"owner", "mail.aol.com", "email", "mail.aol.com"},
    {"owner", "3c.web.de", "email", "web.de"},
    {"owner", "deref-web.de", "email", "web.de"},
    {"owner", "deref-gmx.net", "email", "gmx.net"},
    {"owner", "www.gmx.net", "email", "gmx.net"},
    {"owner", "www.gmx.at", "email", "gmx.net"},
    {"owner", "e.mail.ru", "email", "mail.ru"},
    {"owner", "mail.proton.me", "email", "proton.me"},
    {"owner", "app.fastmail.com", "email", "fastmail.com"},
    {"owner", "mail.yandex.ru", "email", "mail.yandex.com"},
    {"ours", "webmail.provider.example", "email", "webmail.provider.example"},
    {"ours", "mail.provider.example", "email", "mail.provider.example"},
    {"ours", "mail02.orange.fr", "email", "mail02.orange.fr"},
    {"ours", "roundcube.provider.example", "email", "roundcube.provider.example"},
    /* other sites */
    {"ours", "www.blog.example", "referral", "blog.example"},
    {"ours", "m.blog.example", "referral", "blog.example"},
    {"ours", "news.blog.example", "referral", "news.blog.example"},
    {"ours", "192.0.2.1", "referral", "(address)"},
    {"ours", "http://[2001:db8::1]/", "referral", "(address)"},
    {"ours", "localhost", "referral", "localhost"},
    {"ours", "android-app://org.example.reader/", "referral", "org.example.reader"},
    {"DNS", "evilgoogle.com", "referral", "evilgoogle.com"},
    {"DNS", "google.com.evil.example", "referral", "google.com.evil.example"},
    {"DNS", "www.google.evil.de", "referral", "google.evil.de"},
    {"DNS", "google.example", "referral", "google.example"},
    {"DNS", "google", "referral", "google"},
    {"DNS", "com", "referral", "com"},
    {"DNS", "co.uk", "referral", "co.uk"},
    {"DNS", "www.co.uk", "referral", "www.co.uk"},
    {"DNS", "notfacebook.com", "referral", "notfacebook.com"},
    {"DNS", "facebook.com.evil.example", "referral", "facebook.com.evil.example"},
    {"DNS", "chatgpt.com.evil.example", "referral", "chatgpt.com.evil.example"},
    {"DNS", "xbing.com", "referral", "xbing.com"},
    {"DNS", "bing.com.cn", "referral", "bing.com.cn"},
    {"owner", "docs.google.com", "referral", "docs.google.com"},
    {"owner", "translate.googleusercontent.com", "referral", "translate.googleusercontent.com"},
    {"owner", "finance.yahoo.com", "referral", "finance.yahoo.com"},
    {"owner", "baike.baidu.com", "referral", "baike.baidu.com"},
    {"ours", "mailer.provider.example", "referral", "mailer.provider.example"},
    {"ours", "mail.example", "referral", "mail.example"},
    {"ours", "gmail.example.org", "referral", "gmail.example.org"},
    /* nobody, and ourselves */
    {"GA4", "-", "direct", ""},
    {"GA4", "", "direct", ""},
    {"ours", "https://", "direct", ""},
    {"ours", "https:///x", "direct", ""},
    {"ours", "https://\x01\x80\xff/", "direct", ""},
    {"ours", "shop.example", "direct", ""},
    {"ours", "www.shop.example", "direct", ""},
    {"ours", "http://user:pass@SHOP.example:80/", "direct", ""},
    {"ours", "mail.shop.example", "direct", ""},
    {"ours", "a.b.shop.example", "direct", ""},
    {"ours", "www.firma.co.uk", "direct", ""},
    {"ours", "vhost.example", "direct", ""},
    {"ours", "www.vhost.example", "direct", ""},
    {"DNS", "other.vhost.example", "referral", "other.vhost.example"},
    {"DNS", "myshop.example", "referral", "myshop.example"},
    {"DNS", "shop.example.evil.example", "referral", "shop.example.evil.example"},
    {"DNS", "other.co.uk", "referral", "other.co.uk"},
};

static struct source source_by(const char *referrer, const char *query, char *packed)
{
    char url[300];
    bool is_url = strstr(referrer, "://") || !referrer[0] || strcmp(referrer, "-") == 0;
    snprintf(url, sizeof url, "%s%s%s", is_url ? "" : "https://", referrer, is_url ? "" : "/");
    struct slice text =
        origin_pack(SLICE_LITERAL("www.vhost.example"), slice_of(url), slice_of(query), packed);
    struct origin origin = origin_unpack(text);
    return source_of(&origin, &own_hosts);
}

static void check_source(struct source got, const char *class, const char *name)
{
    const char *got_class = source_class_name(got.class);
    ck_assert_msg(strcmp(got_class, class) == 0 && slice_is(got.name, name),
                  "%s \"%.*s\", not %s \"%s\"", got_class, SLICE_ARG(got.name), class, name);
}

START_TEST(referrers_tell)
{
    char packed[ORIGIN_TEXT_MAX];
    const struct referrer_row *row = &referrers[_i];
    struct source got = source_by(row->host, "", packed);
    check_source(got, row->class, row->name);
    ck_assert(got.campaign.size == 0);
}
END_TEST

/* ---- by the marks of the URL ---- */

struct mark_row {
    const char *by, *referrer, *query;
    const char *class;
    const char *name, *campaign;
};

static const struct mark_row marks[] = {
    /* email */
    {"GA4", "", "utm_source=news&utm_medium=email&utm_campaign=Spring", "email", "news", "Spring"},
    {"GA4", "", "utm_source=news&utm_medium=Email", "email", "news", ""},
    {"GA4", "", "utm_source=news&utm_medium=e-mail", "email", "news", ""},
    {"GA4", "", "utm_source=news&utm_medium=e_mail", "email", "news", ""},
    {"GA4", "", "utm_source=news&utm_medium=e+mail", "email", "news", ""},
    {"GA4", "", "utm_source=email", "email", "email", ""},
    {"GA4", "", "utm_source=E_Mail&utm_campaign=x", "email", "e_mail", "x"},
    {"ours", "", "utm_source=a&utm_medium=newsletter", "email", "a", ""},
    {"ours", "", "utm_source=a&utm_medium=mailing", "email", "a", ""},
    {"ours", "", "utm_source=Newsletter&utm_campaign=May", "email", "newsletter", "May"},
    {"ours", "mail.google.com", "utm_medium=email", "email", "mail.google.com", ""},
    {"ours", "", "utm_medium=email", "email", "email", ""},
    {"ours", "www.google.com", "utm_source=a&utm_medium=email&gclid=1", "email", "a", ""},
    {"owner", "", "mc_cid=1&mc_eid=2", "email", "mailchimp", ""},
    {"owner", "mail.google.com", "_hsenc=1", "email", "hubspot", ""},
    {"owner", "", "_kx=1", "email", "klaviyo", ""},
    {"ours", "", "utm_source=list&mc_eid=1", "email", "list", ""},
    /* campaigns */
    {"GA4", "", "utm_source=google&utm_medium=cpc&utm_campaign=a+b", "campaign", "google", "a b"},
    {"GA4", "www.google.com", "utm_source=google&utm_medium=ppc", "campaign", "google", ""},
    {"GA4", "", "utm_source=facebook&utm_medium=paid", "campaign", "facebook", ""},
    {"GA4", "l.facebook.com", "utm_source=facebook&utm_medium=paid_social&fbclid=1", "campaign",
     "facebook", ""},
    {"GA4", "", "utm_source=x&utm_medium=display", "campaign", "x", ""},
    {"GA4", "", "utm_source=x&utm_medium=banner", "campaign", "x", ""},
    {"GA4", "", "utm_source=x&utm_medium=cpm", "campaign", "x", ""},
    {"GA4", "", "utm_source=x&utm_medium=retargeting", "campaign", "x", ""},
    {"GA4", "", "utm_source=awin&utm_medium=affiliate", "campaign", "awin", ""},
    {"GA4", "", "utm_source=x&utm_medium=audio", "campaign", "x", ""},
    {"GA4", "", "utm_source=x&utm_medium=sms", "campaign", "x", ""},
    {"GA4", "", "utm_source=x&utm_medium=push", "campaign", "x", ""},
    {"Matomo", "", "utm_campaign=Flyer", "campaign", "", "Flyer"},
    {"Matomo", "www.google.com", "utm_campaign=Flyer", "campaign", "google.com", "Flyer"},
    {"Matomo", "", "utm_source=flyer", "campaign", "flyer", ""},
    {"ours", "", "utm_medium=qr", "campaign", "qr", ""},
    {"ours", "", "utm_source=Flyer", "campaign", "flyer", ""},
    {"ours", "", "utm_source=newsletter&utm_medium=cpc", "campaign", "newsletter", ""},
    {"ours", "shop.example", "utm_source=a&utm_campaign=b", "campaign", "a", "b"},
    {"owner", "www.google.com", "gclid=1", "campaign", "google ads", ""},
    {"owner", "", "gbraid=1", "campaign", "google ads", ""},
    {"owner", "", "wbraid=1", "campaign", "google ads", ""},
    {"owner", "www.bing.com", "msclkid=1", "campaign", "microsoft ads", ""},
    {"owner", "www.tiktok.com", "ttclid=1", "campaign", "tiktok ads", ""},
    {"owner", "yandex.ru", "yclid=1", "campaign", "yandex ads", ""},
    {"owner", "t.co", "twclid=1", "campaign", "x ads", ""},
    {"owner", "www.linkedin.com", "li_fat_id=1", "campaign", "linkedin ads", ""},
    {"owner", "www.pinterest.de", "epik=1", "campaign", "pinterest ads", ""},
    {"ours", "www.google.com", "utm_source=google&utm_medium=organic&gclid=1", "campaign", "google",
     ""},
    {"ours", "l.facebook.com", "gclid=1&fbclid=2", "campaign", "google ads", ""},
    /* search */
    {"GA4", "", "utm_source=google&utm_medium=organic", "search", "google.com", ""},
    {"GA4", "", "utm_source=gmb&utm_medium=organic&utm_campaign=c", "search", "gmb", "c"},
    {"GA4", "www.bing.com", "utm_medium=organic", "search", "bing.com", ""},
    {"owner", "", "srsltid=1", "search", "google.com", ""},
    {"owner", "www.google.de", "srsltid=1", "search", "google.com", ""},
    /* a campaign without a name; the medium tells more */
    {"GA4", "", "utm_id=7", "campaign", "", ""},
    {"GA4", "blog.example", "utm_id=7", "campaign", "blog.example", ""},
    {"GA4", "203.0.113.9", "utm_id=7", "campaign", "(address)", ""},
    {"GA4", "", "utm_source=a&utm_id=7", "campaign", "a", ""},
    {"GA4", "", "utm_id=7&utm_medium=email", "email", "email", ""},
    {"GA4", "", "utm_id=7&utm_source=fb&utm_medium=social", "social", "facebook.com", ""},
    {"Matomo", "", "mtm_campaign=Spring&mtm_source=a", "campaign", "a", "Spring"},
    {"Matomo", "", "pk_campaign=Spring&pk_medium=newsletter", "email", "newsletter", "Spring"},
    /* social */
    {"GA4", "", "utm_source=facebook&utm_medium=social", "social", "facebook.com", ""},
    {"GA4", "", "utm_source=FB&utm_medium=social-network", "social", "facebook.com", ""},
    {"GA4", "", "utm_source=x&utm_medium=social+media", "social", "x.com", ""},
    {"ours", "", "utm_source=l.instagram.com&utm_medium=social_network", "social", "instagram.com",
     ""},
    {"GA4", "", "utm_source=ours&utm_medium=sm", "social", "ours", ""},
    {"owner", "", "fbclid=1", "social", "facebook.com", ""},
    {"owner", "l.instagram.com", "fbclid=1", "social", "instagram.com", ""},
    {"owner", "", "igshid=1", "social", "instagram.com", ""},
    {"ours", "www.shop.example", "fbclid=1", "social", "facebook.com", ""},
    {"ours", "blog.example", "fbclid=1", "referral", "blog.example", ""},
    {"ours", "www.google.com", "fbclid=1", "search", "google.com", ""},
    /* assistants */
    {"owner", "", "utm_source=chatgpt.com", "ai-assistant", "chatgpt.com", ""},
    {"owner", "chatgpt.com", "utm_source=chatgpt.com", "ai-assistant", "chatgpt.com", ""},
    {"ours", "", "utm_source=ChatGPT", "ai-assistant", "chatgpt.com", ""},
    {"ours", "", "utm_source=perplexity", "ai-assistant", "perplexity.ai", ""},
    {"ours", "", "utm_source=www.perplexity.ai&utm_medium=referral", "ai-assistant",
     "perplexity.ai", ""},
    {"ours", "", "utm_source=openai&utm_medium=organic", "ai-assistant", "chatgpt.com", ""},
    {"ours", "", "utm_source=copilot.com&utm_campaign=c", "ai-assistant", "copilot.microsoft.com",
     "c"},
    {"ours", "", "utm_source=newbot&utm_medium=ai-assistant", "ai-assistant", "newbot", ""},
    {"ours", "", "utm_source=chatgpt.com&utm_medium=cpc", "campaign", "chatgpt.com", ""},
    /* referrals */
    {"GA4", "", "utm_source=partner&utm_medium=referral", "referral", "partner", ""},
    {"GA4", "blog.example", "utm_medium=referral&utm_campaign=c", "referral", "blog.example", "c"},
    {"GA4", "", "utm_medium=referral", "referral", "referral", ""},
    /* nothing */
    {"GA4", "", "utm_source=direct&utm_medium=(none)", "direct", "", ""},
    {"GA4", "", "utm_source=(direct)&utm_medium=(not+set)", "direct", "", ""},
    {"ours", "www.google.com", "utm_source=(direct)&utm_medium=(none)", "search", "google.com", ""},
    {"ours", "", "utm_source=&utm_medium=&utm_campaign=", "direct", "", ""},
    {"ours", "", "utm_source=%00&utm_medium=+", "direct", "", ""},
    {"ours", "www.google.com", "q=shoes&page=2", "search", "google.com", ""},
    {"ours", "", "utm_source=a%00b%zz", "campaign", "a b%zz", ""},
};

START_TEST(marks_tell)
{
    char packed[ORIGIN_TEXT_MAX];
    const struct mark_row *row = &marks[_i];
    struct source got = source_by(row->referrer, row->query, packed);
    check_source(got, row->class, row->name);
    ck_assert_msg(slice_is(got.campaign, row->campaign), "campaign \"%.*s\"",
                  SLICE_ARG(got.campaign));
}
END_TEST

/* ---- own hosts ---- */

START_TEST(own_hosts_hold_their_subdomains)
{
    static const struct {
        const char *host;
        bool is_own;
    } rows[] = {
        {"shop.example", true},
        {"www.shop.example", true},
        {"a.b.shop.example", true},
        {"myshop.example", false},
        {"example", false},
        {".shop.example", true},
        {"shop.example.org", false},
        {"", false},
        {"op.example", false},
        {"firma.co.uk", true},
        {"co.uk", false},
        {"other.co.uk", false},
    };
    for (int i = 0; i < ROWS(rows); i++)
        ck_assert_msg(own_hosts_hold(&own_hosts, slice_of(rows[i].host)) == rows[i].is_own, "%s",
                      rows[i].host);
    struct own_hosts none = {NULL, 0};
    ck_assert(!own_hosts_hold(&none, SLICE_LITERAL("shop.example")));
}
END_TEST

enum { USES = 4 };

struct find_row {
    struct {
        const char *host;
        uint64_t assets, pages;
    } uses[USES];
    const char *own; /* "": none */
};

static const struct find_row finds[] = {
    {{{"", 0, 0}}, ""},
    {{{"shop.example", 3, 0}}, "shop.example"},
    {{{"shop.example", 2, 0}}, ""},
    {{{"www.shop.example", 9, 0}}, "shop.example"},
    {{{"m.shop.example", 9, 0}}, "shop.example"},
    {{{"shop.co.uk", 9, 0}}, "shop.co.uk"},
    {{{"www.shop.co.uk", 9, 0}}, "shop.co.uk"},
    {{{"www.co.uk", 9, 0}}, "www.co.uk"},
    {{{"m.de", 9, 0}}, "m.de"},
    {{{"www.com.au", 9, 0}}, "www.com.au"},
    {{{"192.0.2.7", 9, 0}}, "192.0.2.7"},
    /* a tenth and at least three, and both spellings together; a log can be of several sites */
    {{{"a.example", 5, 0}, {"b.example", 5, 0}}, "a.example b.example"},
    {{{"a.example", 90, 0}, {"b.example", 10, 0}}, "a.example b.example"},
    {{{"a.example", 91, 0}, {"b.example", 10, 0}}, "a.example"},
    {{{"a.example", 4, 0}, {"b.example", 3, 0}, {"c.example", 2, 0}}, "a.example b.example"},
    {{{"www.a.example", 2, 0}, {"b.example", 2, 0}, {"a.example", 2, 0}}, "a.example"},
    {{{"a.example", 1, 0}, {"a.example", 1, 0}, {"a.example", 1, 0}}, "a.example"},
    /* assets before pages */
    {{{"a.example", 3, 0}, {"b.example", 0, 900}}, "a.example"},
    {{{"", 900, 900}, {"a.example", 3, 0}}, "a.example"},
    /* pages, when assets do not tell */
    {{{"a.example", 0, 5}}, "a.example"},
    {{{"a.example", 0, 4}}, ""},
    {{{"a.example", 0, 5}, {"b.example", 0, 5}}, ""},
    {{{"a.example", 2, 0}, {"www.b.example", 0, 5}}, "b.example"},
    {{{"www.google.com", 0, 50}, {"a.example", 0, 5}}, ""},
    {{{"l.facebook.com", 0, 50}}, ""},
    {{{"chatgpt.com", 0, 50}}, ""},
    {{{"webmail.provider.example", 0, 50}}, ""},
    /* Pictures in the results of a search engine. */
    {{{"www.google.com", 50, 50}, {"a.example", 9, 9}}, "a.example"},
    {{{"www.google.com", 90, 50}, {"a.example", 9, 9}}, ""},
    {{{"www.google.com", 90, 1}, {"a.example", 9, 9}}, "a.example"},
    {{{"mail.provider.example", 9, 0}}, "mail.provider.example"},
};

/* In any order of the uses: all turns, forwards and backwards. */
START_TEST(finds_the_own_host)
{
    const struct find_row *row = &finds[_i];
    for (int turn = 0; turn < 2 * USES; turn++) {
        struct host_use uses[USES];
        size_t count = 0;
        for (int i = 0; i < USES; i++) {
            int at = (turn < USES ? i + turn : turn + USES - i) % USES;
            if (row->uses[at].host)
                uses[count++] = (struct host_use){slice_of(row->uses[at].host),
                                                  row->uses[at].assets, row->uses[at].pages};
        }
        struct arena arena;
        arena_init(&arena);
        struct own_hosts own = own_hosts_find(uses, count, &arena);
        char found[200] = "";
        for (size_t i = 0; i < own.count; i++)
            snprintf(found + strlen(found), sizeof found - strlen(found), "%s%.*s", i ? " " : "",
                     SLICE_ARG(own.items[i]));
        ck_assert_str_eq(found, row->own);
        arena_clear(&arena);
    }
}
END_TEST

/* The uses may go before what was found does. */
START_TEST(what_is_found_is_a_copy)
{
    char host[] = "shop.example";
    struct host_use use = {{host, sizeof host - 1}, 9, 9};
    struct arena arena;
    arena_init(&arena);
    struct own_hosts own = own_hosts_find(&use, 1, &arena);
    memset(host, 'x', sizeof host);
    ck_assert(own_hosts_hold(&own, SLICE_LITERAL("www.shop.example")));
    ck_assert_uint_eq(own_hosts_find(NULL, 0, &arena).count, 0);
    arena_clear(&arena);
}
END_TEST

/* ---- the tables ---- */

START_TEST(tables_are_in_order)
{
    const struct source_host_table *table = &source_host_tables[_i];
    for (size_t i = 0; i < table->count; i++) {
        struct slice text = slice_of(table->rows[i].text);
        ck_assert_msg(text.size > 0 && text.size <= SOURCE_TEXT_MAX, "%s", text.at);
        ck_assert_msg(i == 0 || slice_compare(slice_of(table->rows[i - 1].text), text) < 0, "%s",
                      text.at);
        for (size_t byte = 0; byte < text.size; byte++)
            ck_assert_msg(strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", text.at[byte]), "%s",
                          text.at);
    }
}
END_TEST

/* No row is hidden behind another: each is what its own text is. */
START_TEST(every_row_is_found)
{
    const struct source_host_table *table = &source_host_tables[_i];
    for (size_t i = 0; i < table->count; i++) {
        char host[64];
        bool has_country = _i == SOURCE_TABLE_COUNTRIES;
        snprintf(host, sizeof host, "%s%s", table->rows[i].text, has_country ? ".co.in" : "");
        const struct source_host *found = _i == SOURCE_TABLE_WORDS
                                              ? source_word_find(slice_of(host))
                                              : source_host_find(slice_of(host));
        ck_assert_msg(found == &table->rows[i], "%s", host);
    }
}
END_TEST

/* A word means something that the hosts know under the same name and class. */
START_TEST(words_are_names_of_hosts)
{
    const struct source_host_table *table = &source_host_tables[SOURCE_TABLE_WORDS];
    for (size_t i = 0; i < table->count; i++) {
        const struct source_host *host = source_host_find(slice_of(table->rows[i].name));
        ck_assert_msg(host && host->class == table->rows[i].class, "%s", table->rows[i].text);
        ck_assert_str_eq(host->name, table->rows[i].name);
    }
}
END_TEST

START_TEST(odd_hosts_are_not_known)
{
    static const char *const hosts[] = {
        "", ".", "..", "...", "com", ".com", "google.", ".google.com.", "a..com", "co.uk", ".co.uk",
    };
    for (int i = 0; i < ROWS(hosts); i++) {
        ck_assert_msg(!source_host_find(slice_of(hosts[i])), "%s", hosts[i]);
        ck_assert_int_eq(source_class_of_label(slice_of(hosts[i])), SOURCE_NONE);
    }
    ck_assert(!source_host_find((struct slice){NULL, 0}));
    ck_assert(!source_word_find((struct slice){NULL, 0}));
    ck_assert_int_eq(source_class_of_label((struct slice){NULL, 0}), SOURCE_NONE);
}
END_TEST

START_TEST(classes_have_names)
{
    static const char *const names[] = {"direct", "search",   "social",   "ai-assistant",
                                        "email",  "campaign", "referral", "none"};
    for (int class = 0; class < SOURCE_COUNT; class ++) {
        ck_assert_str_eq(source_class_name((enum source_class) class), names[class]);
        ck_assert(source_class_label((enum source_class) class)[0]);
    }
    ck_assert_str_eq(source_class_label(SOURCE_NONE), "No page view");
    ck_assert_str_eq(source_class_label(SOURCE_AI_ASSISTANT), "AI assistant");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sources");
    TCase *tests = tcase_create("sources");
    tcase_add_loop_test(tests, referrers_tell, 0, ROWS(referrers));
    tcase_add_loop_test(tests, marks_tell, 0, ROWS(marks));
    tcase_add_loop_test(tests, finds_the_own_host, 0, ROWS(finds));
    tcase_add_loop_test(tests, tables_are_in_order, 0, SOURCE_TABLES);
    tcase_add_loop_test(tests, every_row_is_found, 0, SOURCE_TABLES);
    tcase_add_test(tests, own_hosts_hold_their_subdomains);
    tcase_add_test(tests, what_is_found_is_a_copy);
    tcase_add_test(tests, words_are_names_of_hosts);
    tcase_add_test(tests, odd_hosts_are_not_known);
    tcase_add_test(tests, classes_have_names);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
