#include "funnel/source_hosts.h"

#include <stdlib.h>

#include "base/ascii.h"

/*
 * Each table is ordered by the bytes of its texts. What a host is comes from its owner's pages; the
 * search engines, networks and assistants that Matomo lists (searchengine-and-social-list, CC0)
 * were gone through for what is still there or stands in old logs.
 */

static const struct source_host sites[] = {
    {"3c.web.de", "web.de", SOURCE_EMAIL, false},
    {"ai.baidu.com", "yiyan.baidu.com", SOURCE_AI_ASSISTANT, false},
    {"ai.perplexity.app.android", "perplexity.ai", SOURCE_AI_ASSISTANT, true},
    {"ai.x.grok", "grok.com", SOURCE_AI_ASSISTANT, true},
    {"alltheweb.com", "alltheweb.com", SOURCE_SEARCH, false},
    {"alohafind.com", "alohafind.com", SOURCE_SEARCH, false},
    {"altavista.com", "altavista.com", SOURCE_SEARCH, false},
    {"andisearch.com", "andisearch.com", SOURCE_AI_ASSISTANT, false},
    {"aol.com", "aol.com", SOURCE_SEARCH, true},
    {"aolsearch.aol.com", "aol.com", SOURCE_SEARCH, false},
    {"aolsearch.com", "aol.com", SOURCE_SEARCH, false},
    {"app.hey.com", "hey.com", SOURCE_EMAIL, true},
    {"app.jasper.ai", "jasper.ai", SOURCE_AI_ASSISTANT, false},
    {"arianna.libero.it", "libero.it", SOURCE_SEARCH, false},
    {"ask.com", "ask.com", SOURCE_SEARCH, false},
    {"b23.tv", "bilibili.com", SOURCE_SOCIAL, false},
    {"badoo.com", "badoo.com", SOURCE_SOCIAL, false},
    {"baidu.com", "baidu.com", SOURCE_SEARCH, true},
    {"bard.google.com", "gemini.google.com", SOURCE_AI_ASSISTANT, false},
    {"behance.net", "behance.net", SOURCE_SOCIAL, false},
    {"bilibili.com", "bilibili.com", SOURCE_SOCIAL, false},
    {"bing.com", "bing.com", SOURCE_SEARCH, false},
    {"bsky.app", "bsky.app", SOURCE_SOCIAL, false},
    {"bsky.social", "bsky.app", SOURCE_SOCIAL, false},
    {"busca.uol.com.br", "uol.com.br", SOURCE_SEARCH, false},
    {"campaign-archive.com", "campaign-archive.com", SOURCE_EMAIL, false},
    {"cc.bingj.com", "bing.com", SOURCE_SEARCH, false},
    {"ch.protonmail.android", "proton.me", SOURCE_EMAIL, true},
    {"chaos.social", "chaos.social", SOURCE_SOCIAL, false},
    {"character.ai", "character.ai", SOURCE_AI_ASSISTANT, false},
    {"chat-gpt.org", "chat-gpt.org", SOURCE_AI_ASSISTANT, false},
    {"chat.baidu.com", "yiyan.baidu.com", SOURCE_AI_ASSISTANT, false},
    {"chat.com", "chatgpt.com", SOURCE_AI_ASSISTANT, false},
    {"chat.deepseek.com", "deepseek.com", SOURCE_AI_ASSISTANT, false},
    {"chat.mistral.ai", "mistral.ai", SOURCE_AI_ASSISTANT, false},
    {"chat.openai.com", "chatgpt.com", SOURCE_AI_ASSISTANT, false},
    {"chat.z.ai", "z.ai", SOURCE_AI_ASSISTANT, false},
    {"chatglm.cn", "chatglm.cn", SOURCE_AI_ASSISTANT, false},
    {"chatgpt.com", "chatgpt.com", SOURCE_AI_ASSISTANT, false},
    {"chatplus.com", "chatplus.com", SOURCE_AI_ASSISTANT, false},
    {"claude.ai", "claude.ai", SOURCE_AI_ASSISTANT, false},
    {"coccoc.com", "coccoc.com", SOURCE_SEARCH, false},
    {"com.anthropic.claude", "claude.ai", SOURCE_AI_ASSISTANT, true},
    {"com.aol.mobile.aolapp", "mail.aol.com", SOURCE_EMAIL, true},
    {"com.baidu.searchbox", "baidu.com", SOURCE_SEARCH, true},
    {"com.deepseek.chat", "deepseek.com", SOURCE_AI_ASSISTANT, true},
    {"com.discord", "discord.com", SOURCE_SOCIAL, true},
    {"com.duckduckgo.mobile.android", "duckduckgo.com", SOURCE_SEARCH, true},
    {"com.ecosia.android", "ecosia.org", SOURCE_SEARCH, true},
    {"com.facebook.katana", "facebook.com", SOURCE_SOCIAL, true},
    {"com.facebook.lite", "facebook.com", SOURCE_SOCIAL, true},
    {"com.facebook.orca", "messenger.com", SOURCE_SOCIAL, true},
    {"com.fastmail.app", "fastmail.com", SOURCE_EMAIL, true},
    {"com.fsck.k9", "com.fsck.k9", SOURCE_EMAIL, true},
    {"com.google.android.apps.bard", "gemini.google.com", SOURCE_AI_ASSISTANT, true},
    {"com.google.android.apps.magazines", "news.google.com", SOURCE_SEARCH, true},
    {"com.google.android.apps.searchlite", "google.com", SOURCE_SEARCH, true},
    {"com.google.android.gm", "mail.google.com", SOURCE_EMAIL, true},
    {"com.google.android.gm.lite", "mail.google.com", SOURCE_EMAIL, true},
    {"com.google.android.googlequicksearchbox", "google.com", SOURCE_SEARCH, true},
    {"com.google.android.youtube", "youtube.com", SOURCE_SOCIAL, true},
    {"com.instagram.android", "instagram.com", SOURCE_SOCIAL, true},
    {"com.instagram.barcelona", "threads.com", SOURCE_SOCIAL, true},
    {"com.kakao.talk", "kakao.com", SOURCE_SOCIAL, true},
    {"com.larus.nova", "doubao.com", SOURCE_AI_ASSISTANT, true},
    {"com.linkedin.android", "linkedin.com", SOURCE_SOCIAL, true},
    {"com.microsoft.bing", "bing.com", SOURCE_SEARCH, true},
    {"com.microsoft.copilot", "copilot.microsoft.com", SOURCE_AI_ASSISTANT, true},
    {"com.microsoft.office.outlook", "outlook.com", SOURCE_EMAIL, true},
    {"com.nextdoor", "nextdoor.com", SOURCE_SOCIAL, true},
    {"com.nhn.android.search", "naver.com", SOURCE_SEARCH, true},
    {"com.openai.chatgpt", "chatgpt.com", SOURCE_AI_ASSISTANT, true},
    {"com.pinterest", "pinterest.com", SOURCE_SOCIAL, true},
    {"com.poe.android", "poe.com", SOURCE_AI_ASSISTANT, true},
    {"com.quora.android", "quora.com", SOURCE_SOCIAL, true},
    {"com.reddit.frontpage", "reddit.com", SOURCE_SOCIAL, true},
    {"com.samsung.android.email.provider", "com.samsung.android.email.provider", SOURCE_EMAIL,
     true},
    {"com.sina.weibo", "weibo.com", SOURCE_SOCIAL, true},
    {"com.snapchat.android", "snapchat.com", SOURCE_SOCIAL, true},
    {"com.ss.android.ugc.trill", "tiktok.com", SOURCE_SOCIAL, true},
    {"com.tencent.mm", "wechat.com", SOURCE_SOCIAL, true},
    {"com.tumblr", "tumblr.com", SOURCE_SOCIAL, true},
    {"com.twitter.android", "x.com", SOURCE_SOCIAL, true},
    {"com.viber.voip", "viber.com", SOURCE_SOCIAL, true},
    {"com.vkontakte.android", "vk.com", SOURCE_SOCIAL, true},
    {"com.whatsapp", "whatsapp.com", SOURCE_SOCIAL, true},
    {"com.whatsapp.w4b", "whatsapp.com", SOURCE_SOCIAL, true},
    {"com.xing.android", "xing.com", SOURCE_SOCIAL, true},
    {"com.yahoo.mobile.client.android.mail", "mail.yahoo.com", SOURCE_EMAIL, true},
    {"com.yandex.browser", "yandex.com", SOURCE_SEARCH, true},
    {"com.zhihu.android", "zhihu.com", SOURCE_SOCIAL, true},
    {"com.zhiliaoapp.musically", "tiktok.com", SOURCE_SOCIAL, true},
    {"consensus.app", "consensus.app", SOURCE_AI_ASSISTANT, false},
    {"copilot.cloud.microsoft", "copilot.microsoft.com", SOURCE_AI_ASSISTANT, false},
    {"copilot.com", "copilot.microsoft.com", SOURCE_AI_ASSISTANT, false},
    {"copilot.microsoft.com", "copilot.microsoft.com", SOURCE_AI_ASSISTANT, false},
    {"dailymotion.com", "dailymotion.com", SOURCE_SOCIAL, false},
    {"daum.net", "daum.net", SOURCE_SEARCH, true},
    {"de.gmx.mobile.android.mail", "gmx.net", SOURCE_EMAIL, true},
    {"de.telekom.mail", "t-online.de", SOURCE_EMAIL, true},
    {"de.tutao.tutanota", "tuta.com", SOURCE_EMAIL, true},
    {"de.web.mobile.android.mail", "web.de", SOURCE_EMAIL, true},
    {"deepseek.com", "deepseek.com", SOURCE_AI_ASSISTANT, true},
    {"deref-gmx.at", "gmx.net", SOURCE_EMAIL, false},
    {"deref-gmx.ch", "gmx.net", SOURCE_EMAIL, false},
    {"deref-gmx.com", "gmx.net", SOURCE_EMAIL, false},
    {"deref-gmx.de", "gmx.net", SOURCE_EMAIL, false},
    {"deref-gmx.net", "gmx.net", SOURCE_EMAIL, false},
    {"deref-mail.com", "mail.com", SOURCE_EMAIL, false},
    {"deref-web-02.de", "web.de", SOURCE_EMAIL, false},
    {"deref-web.de", "web.de", SOURCE_EMAIL, false},
    {"deviantart.com", "deviantart.com", SOURCE_SOCIAL, false},
    {"digg.com", "digg.com", SOURCE_SOCIAL, false},
    {"discord.com", "discord.com", SOURCE_SOCIAL, false},
    {"discord.gg", "discord.com", SOURCE_SOCIAL, false},
    {"discordapp.com", "discord.com", SOURCE_SOCIAL, false},
    {"dogpile.com", "dogpile.com", SOURCE_SEARCH, false},
    {"douban.com", "douban.com", SOURCE_SOCIAL, false},
    {"doubao.com", "doubao.com", SOURCE_AI_ASSISTANT, false},
    {"doubleclick.net", "google ads", SOURCE_CAMPAIGN, false},
    {"dribbble.com", "dribbble.com", SOURCE_SOCIAL, false},
    {"duck.ai", "duck.ai", SOURCE_AI_ASSISTANT, false},
    {"duckduckgo.com", "duckduckgo.com", SOURCE_SEARCH, false},
    {"dzen.ru", "dzen.ru", SOURCE_SOCIAL, false},
    {"e.mail.ru", "mail.ru", SOURCE_EMAIL, false},
    {"ecosia.org", "ecosia.org", SOURCE_SEARCH, false},
    {"edgeservices.bing.com", "copilot.microsoft.com", SOURCE_AI_ASSISTANT, false},
    {"ekoru.org", "ekoru.org", SOURCE_SEARCH, false},
    {"email.freenet.de", "freenet.de", SOURCE_EMAIL, false},
    {"email.seznam.cz", "seznam.cz", SOURCE_EMAIL, false},
    {"email.t-online.de", "t-online.de", SOURCE_EMAIL, false},
    {"eniro.se", "eniro.se", SOURCE_SEARCH, true},
    {"entireweb.com", "entireweb.com", SOURCE_SEARCH, false},
    {"ernie.baidu.com", "yiyan.baidu.com", SOURCE_AI_ASSISTANT, false},
    {"exalead.com", "exalead.com", SOURCE_SEARCH, false},
    {"exalead.fr", "exalead.com", SOURCE_SEARCH, false},
    {"excite.co.jp", "excite.co.jp", SOURCE_SEARCH, true},
    {"facebook.com", "facebook.com", SOURCE_SOCIAL, false},
    {"fastmail.com", "fastmail.com", SOURCE_EMAIL, false},
    {"fb.com", "facebook.com", SOURCE_SOCIAL, false},
    {"fb.me", "facebook.com", SOURCE_SOCIAL, false},
    {"fb.watch", "facebook.com", SOURCE_SOCIAL, false},
    {"felo.ai", "felo.ai", SOURCE_AI_ASSISTANT, false},
    {"fireball.com", "fireball.com", SOURCE_SEARCH, false},
    {"fireball.de", "fireball.com", SOURCE_SEARCH, false},
    {"flic.kr", "flickr.com", SOURCE_SOCIAL, false},
    {"flickr.com", "flickr.com", SOURCE_SOCIAL, false},
    {"fosstodon.org", "fosstodon.org", SOURCE_SOCIAL, false},
    {"foursquare.com", "foursquare.com", SOURCE_SOCIAL, false},
    {"gab.com", "gab.com", SOURCE_SOCIAL, false},
    {"gemini.google", "gemini.google.com", SOURCE_AI_ASSISTANT, false},
    {"gemini.google.com", "gemini.google.com", SOURCE_AI_ASSISTANT, false},
    {"genspark.ai", "genspark.ai", SOURCE_AI_ASSISTANT, false},
    {"gettr.com", "gettr.com", SOURCE_SOCIAL, false},
    {"gexsi.com", "gexsi.com", SOURCE_SEARCH, false},
    {"gibiru.com", "gibiru.com", SOURCE_SEARCH, false},
    {"gigablast.com", "gigablast.com", SOURCE_SEARCH, false},
    {"gmx.net", "gmx.net", SOURCE_EMAIL, false},
    {"go.mail.ru", "mail.ru", SOURCE_SEARCH, false},
    {"goo.ne.jp", "goo.ne.jp", SOURCE_SEARCH, true},
    {"google.cat", "google.com", SOURCE_SEARCH, true},
    {"googleadservices.com", "google ads", SOURCE_CAMPAIGN, false},
    {"googlesyndicatedsearch.com", "google.com", SOURCE_SEARCH, false},
    {"googlesyndication.com", "google ads", SOURCE_CAMPAIGN, false},
    {"grok.com", "grok.com", SOURCE_AI_ASSISTANT, false},
    {"hachyderm.io", "hachyderm.io", SOURCE_SOCIAL, false},
    {"haosou.com", "so.com", SOURCE_SEARCH, false},
    {"hostux.social", "hostux.social", SOURCE_SOCIAL, false},
    {"hotmail.com", "outlook.com", SOURCE_EMAIL, false},
    {"iask.ai", "iask.ai", SOURCE_AI_ASSISTANT, false},
    {"icloud.com", "icloud.com", SOURCE_EMAIL, true},
    {"ig.me", "instagram.com", SOURCE_SOCIAL, false},
    {"image.baidu.com", "baidu.com", SOURCE_SEARCH, false},
    {"inbox.google.com", "mail.google.com", SOURCE_EMAIL, false},
    {"info.com", "info.com", SOURCE_SEARCH, false},
    {"infosec.exchange", "infosec.exchange", SOURCE_SOCIAL, false},
    {"infospace.com", "infospace.com", SOURCE_SEARCH, false},
    {"instagram.com", "instagram.com", SOURCE_SOCIAL, false},
    {"isearch.avg.com", "avg.com", SOURCE_SEARCH, false},
    {"isearch.babylon.com", "babylon.com", SOURCE_SEARCH, false},
    {"ixquick.com", "ixquick.com", SOURCE_SEARCH, false},
    {"ixquick.de", "ixquick.com", SOURCE_SEARCH, false},
    {"jp.co.yahoo.android.yjtop", "yahoo.com", SOURCE_SEARCH, true},
    {"jp.naver.line.android", "line.me", SOURCE_SOCIAL, true},
    {"kagi.com", "kagi.com", SOURCE_SEARCH, false},
    {"karmasearch.org", "karmasearch.org", SOURCE_SEARCH, false},
    {"kimi.ai", "kimi.com", SOURCE_AI_ASSISTANT, false},
    {"kimi.com", "kimi.com", SOURCE_AI_ASSISTANT, false},
    {"kimi.moonshot.cn", "kimi.com", SOURCE_AI_ASSISTANT, false},
    {"komo.ai", "komo.ai", SOURCE_AI_ASSISTANT, false},
    {"kvasir.no", "kvasir.no", SOURCE_SEARCH, false},
    {"labs.openai.com", "chatgpt.com", SOURCE_AI_ASSISTANT, false},
    {"last.fm", "last.fm", SOURCE_SOCIAL, false},
    {"lemmy.ml", "lemmy.ml", SOURCE_SOCIAL, false},
    {"lemmy.world", "lemmy.world", SOURCE_SOCIAL, false},
    {"lemoteur.orange.fr", "orange.fr", SOURCE_SEARCH, false},
    {"lens.google", "google.com", SOURCE_SEARCH, false},
    {"lens.google.com", "google.com", SOURCE_SEARCH, false},
    {"line.me", "line.me", SOURCE_SOCIAL, false},
    {"liner.com", "liner.com", SOURCE_AI_ASSISTANT, false},
    {"linkedin.com", "linkedin.com", SOURCE_SOCIAL, false},
    {"list-manage.com", "list-manage.com", SOURCE_EMAIL, false},
    {"livejournal.com", "livejournal.com", SOURCE_SOCIAL, false},
    {"livejournal.ru", "livejournal.com", SOURCE_SOCIAL, false},
    {"lnkd.in", "linkedin.com", SOURCE_SOCIAL, false},
    {"lobste.rs", "lobste.rs", SOURCE_SOCIAL, false},
    {"lumo.proton.me", "lumo.proton.me", SOURCE_AI_ASSISTANT, false},
    {"m.baidu.com", "baidu.com", SOURCE_SEARCH, false},
    {"m.me", "messenger.com", SOURCE_SOCIAL, false},
    {"m365.cloud.microsoft", "copilot.microsoft.com", SOURCE_AI_ASSISTANT, false},
    {"mail.aol.com", "mail.aol.com", SOURCE_EMAIL, false},
    {"mail.com", "mail.com", SOURCE_EMAIL, false},
    {"mail.de", "mail.de", SOURCE_EMAIL, false},
    {"mail.google.com", "mail.google.com", SOURCE_EMAIL, false},
    {"mail.live.com", "outlook.com", SOURCE_EMAIL, false},
    {"mail.proton.me", "proton.me", SOURCE_EMAIL, false},
    {"mail.protonmail.com", "proton.me", SOURCE_EMAIL, false},
    {"mail.ru", "mail.ru", SOURCE_EMAIL, true},
    {"mailbox.org", "mailbox.org", SOURCE_EMAIL, false},
    {"mailchi.mp", "mailchi.mp", SOURCE_EMAIL, false},
    {"marginalia-search.com", "marginalia-search.com", SOURCE_SEARCH, false},
    {"mas.to", "mas.to", SOURCE_SOCIAL, false},
    {"mastodon.social", "mastodon.social", SOURCE_SOCIAL, false},
    {"messenger.com", "messenger.com", SOURCE_SOCIAL, false},
    {"meta.ai", "meta.ai", SOURCE_AI_ASSISTANT, false},
    {"meta.ua", "meta.ua", SOURCE_SEARCH, true},
    {"metacrawler.com", "metacrawler.com", SOURCE_SEARCH, false},
    {"metager.de", "metager.org", SOURCE_SEARCH, false},
    {"metager.org", "metager.org", SOURCE_SEARCH, false},
    {"metaso.cn", "metaso.cn", SOURCE_AI_ASSISTANT, false},
    {"mewe.com", "mewe.com", SOURCE_SOCIAL, false},
    {"minds.com", "minds.com", SOURCE_SOCIAL, false},
    {"mistral.ai", "mistral.ai", SOURCE_AI_ASSISTANT, true},
    {"mixi.jp", "mixi.jp", SOURCE_SOCIAL, false},
    {"mojeek.co.uk", "mojeek.com", SOURCE_SEARCH, false},
    {"mojeek.com", "mojeek.com", SOURCE_SEARCH, false},
    {"monica.im", "monica.im", SOURCE_AI_ASSISTANT, false},
    {"mstdn.jp", "mstdn.jp", SOURCE_SOCIAL, false},
    {"mstdn.social", "mstdn.social", SOURCE_SOCIAL, false},
    {"my.mail.ru", "my.mail.ru", SOURCE_SOCIAL, false},
    {"myspace.com", "myspace.com", SOURCE_SOCIAL, false},
    {"naver.com", "naver.com", SOURCE_SEARCH, true},
    {"navigator.web.de", "web.de", SOURCE_EMAIL, false},
    {"neeva.com", "neeva.com", SOURCE_SEARCH, false},
    {"net.thunderbird.android", "net.thunderbird.android", SOURCE_EMAIL, true},
    {"news.ycombinator.com", "news.ycombinator.com", SOURCE_SOCIAL, false},
    {"nk.pl", "nk.pl", SOURCE_SOCIAL, false},
    {"norden.social", "norden.social", SOURCE_SOCIAL, false},
    {"notebooklm.google", "notebooklm.google.com", SOURCE_AI_ASSISTANT, false},
    {"notebooklm.google.com", "notebooklm.google.com", SOURCE_AI_ASSISTANT, false},
    {"nova.rambler.ru", "rambler.ru", SOURCE_SEARCH, false},
    {"oceanhero.today", "oceanhero.today", SOURCE_SEARCH, false},
    {"odnoklassniki.ru", "ok.ru", SOURCE_SOCIAL, false},
    {"ok.ru", "ok.ru", SOURCE_SOCIAL, false},
    {"org.joinmastodon.android", "mastodon.social", SOURCE_SOCIAL, true},
    {"org.telegram.messenger", "telegram.org", SOURCE_SOCIAL, true},
    {"org.telegram.messenger.web", "telegram.org", SOURCE_SOCIAL, true},
    {"org.thoughtcrime.securesms", "signal.org", SOURCE_SOCIAL, true},
    {"org.thunderdog.challegram", "telegram.org", SOURCE_SOCIAL, true},
    {"outlook.cloud.microsoft", "outlook.com", SOURCE_EMAIL, false},
    {"outlook.com", "outlook.com", SOURCE_EMAIL, false},
    {"outlook.live.com", "outlook.com", SOURCE_EMAIL, false},
    {"outlook.office.com", "outlook.com", SOURCE_EMAIL, false},
    {"outlook.office365.com", "outlook.com", SOURCE_EMAIL, false},
    {"pawoo.net", "pawoo.net", SOURCE_SOCIAL, false},
    {"perplexity.ai", "perplexity.ai", SOURCE_AI_ASSISTANT, false},
    {"pesquisa.sapo.pt", "sapo.pt", SOURCE_SEARCH, false},
    {"petalsearch.com", "petalsearch.com", SOURCE_SEARCH, false},
    {"phind.com", "phind.com", SOURCE_AI_ASSISTANT, false},
    {"pi.ai", "pi.ai", SOURCE_AI_ASSISTANT, false},
    {"pin.it", "pinterest.com", SOURCE_SOCIAL, false},
    {"plurk.com", "plurk.com", SOURCE_SOCIAL, false},
    {"plus.google.com", "plus.google.com", SOURCE_SOCIAL, false},
    {"plus.url.google.com", "plus.google.com", SOURCE_SOCIAL, false},
    {"poczta.interia.pl", "interia.pl", SOURCE_EMAIL, false},
    {"poczta.o2.pl", "o2.pl", SOURCE_EMAIL, false},
    {"poczta.onet.pl", "onet.pl", SOURCE_EMAIL, false},
    {"poczta.wp.pl", "wp.pl", SOURCE_EMAIL, false},
    {"poe.com", "poe.com", SOURCE_AI_ASSISTANT, false},
    {"posteo.de", "posteo.de", SOURCE_EMAIL, false},
    {"presearch.com", "presearch.com", SOURCE_SEARCH, false},
    {"presearch.io", "presearch.com", SOURCE_SEARCH, false},
    {"presearch.org", "presearch.com", SOURCE_SEARCH, false},
    {"qianwen.aliyun.com", "qwen.ai", SOURCE_AI_ASSISTANT, false},
    {"qr.ae", "quora.com", SOURCE_SOCIAL, false},
    {"quora.com", "quora.com", SOURCE_SOCIAL, false},
    {"qwant.com", "qwant.com", SOURCE_SEARCH, false},
    {"qwen.ai", "qwen.ai", SOURCE_AI_ASSISTANT, false},
    {"qzone.qq.com", "qzone.qq.com", SOURCE_SOCIAL, false},
    {"rambler.ru", "rambler.ru", SOURCE_SEARCH, true},
    {"redd.it", "reddit.com", SOURCE_SOCIAL, false},
    {"reddit.com", "reddit.com", SOURCE_SOCIAL, false},
    {"ricerca.virgilio.it", "virgilio.it", SOURCE_SEARCH, false},
    {"ru.mail.mailapp", "mail.ru", SOURCE_EMAIL, true},
    {"ru.ok.android", "ok.ru", SOURCE_SOCIAL, true},
    {"ru.yandex.searchplugin", "yandex.com", SOURCE_SEARCH, true},
    {"safesearch.avira.com", "avira.com", SOURCE_SEARCH, false},
    {"search-results.com", "ask.com", SOURCE_SEARCH, false},
    {"search.1und1.de", "1und1.de", SOURCE_SEARCH, false},
    {"search.avast.com", "avast.com", SOURCE_SEARCH, false},
    {"search.avg.com", "avg.com", SOURCE_SEARCH, false},
    {"search.avira.com", "avira.com", SOURCE_SEARCH, false},
    {"search.babylon.com", "babylon.com", SOURCE_SEARCH, false},
    {"search.biglobe.ne.jp", "biglobe.ne.jp", SOURCE_SEARCH, false},
    {"search.bluewin.ch", "bluewin.ch", SOURCE_SEARCH, false},
    {"search.brave.com", "search.brave.com", SOURCE_SEARCH, false},
    {"search.centrum.cz", "centrum.cz", SOURCE_SEARCH, false},
    {"search.ch", "search.ch", SOURCE_SEARCH, true},
    {"search.com", "search.com", SOURCE_SEARCH, true},
    {"search.comcast.net", "comcast.net", SOURCE_SEARCH, false},
    {"search.conduit.com", "conduit.com", SOURCE_SEARCH, false},
    {"search.daum.net", "daum.net", SOURCE_SEARCH, false},
    {"search.disconnect.me", "disconnect.me", SOURCE_SEARCH, false},
    {"search.free.fr", "free.fr", SOURCE_SEARCH, false},
    {"search.gmx.com", "gmx.net", SOURCE_SEARCH, false},
    {"search.goo.ne.jp", "goo.ne.jp", SOURCE_SEARCH, false},
    {"search.lilo.org", "lilo.org", SOURCE_SEARCH, false},
    {"search.marginalia.nu", "marginalia-search.com", SOURCE_SEARCH, false},
    {"search.myway.com", "myway.com", SOURCE_SEARCH, false},
    {"search.mywebsearch.com", "mywebsearch.com", SOURCE_SEARCH, false},
    {"search.nate.com", "nate.com", SOURCE_SEARCH, false},
    {"search.naver.com", "naver.com", SOURCE_SEARCH, false},
    {"search.nifty.com", "nifty.com", SOURCE_SEARCH, false},
    {"search.seznam.cz", "seznam.cz", SOURCE_SEARCH, false},
    {"search.smt.docomo.ne.jp", "docomo.ne.jp", SOURCE_SEARCH, false},
    {"search.walla.co.il", "walla.co.il", SOURCE_SEARCH, false},
    {"search.yahoo.co.jp", "yahoo.com", SOURCE_SEARCH, true},
    {"search.zum.com", "zum.com", SOURCE_SEARCH, false},
    {"searchlock.com", "searchlock.com", SOURCE_SEARCH, false},
    {"seznam.cz", "seznam.cz", SOURCE_SEARCH, true},
    {"sigmoid.social", "sigmoid.social", SOURCE_SOCIAL, false},
    {"signal.me", "signal.org", SOURCE_SOCIAL, false},
    {"slashdot.org", "slashdot.org", SOURCE_SOCIAL, false},
    {"sm.cn", "sm.cn", SOURCE_SEARCH, false},
    {"snapchat.com", "snapchat.com", SOURCE_SOCIAL, false},
    {"so.360.cn", "so.com", SOURCE_SEARCH, true},
    {"so.com", "so.com", SOURCE_SEARCH, false},
    {"social.tchncs.de", "social.tchncs.de", SOURCE_SOCIAL, false},
    {"sogou.com", "sogou.com", SOURCE_SEARCH, false},
    {"soso.com", "soso.com", SOURCE_SEARCH, false},
    {"sputnik.ru", "sputnik.ru", SOURCE_SEARCH, false},
    {"startpage.com", "startpage.com", SOURCE_SEARCH, false},
    {"startsiden.no", "startsiden.no", SOURCE_SEARCH, true},
    {"story.kakao.com", "kakao.com", SOURCE_SOCIAL, false},
    {"stract.com", "stract.com", SOURCE_SEARCH, false},
    {"stumbleupon.com", "stumbleupon.com", SOURCE_SOCIAL, false},
    {"suche.1und1.de", "1und1.de", SOURCE_SEARCH, false},
    {"suche.freenet.de", "freenet.de", SOURCE_SEARCH, false},
    {"suche.gmx.at", "gmx.net", SOURCE_SEARCH, false},
    {"suche.gmx.ch", "gmx.net", SOURCE_SEARCH, false},
    {"suche.gmx.net", "gmx.net", SOURCE_SEARCH, false},
    {"suche.t-online.de", "t-online.de", SOURCE_SEARCH, false},
    {"suche.web.de", "web.de", SOURCE_SEARCH, false},
    {"swisscows.ch", "swisscows.com", SOURCE_SEARCH, false},
    {"swisscows.com", "swisscows.com", SOURCE_SEARCH, false},
    {"syndicatedsearch.goog", "google.com", SOURCE_SEARCH, false},
    {"szukaj.onet.pl", "onet.pl", SOURCE_SEARCH, false},
    {"szukaj.wp.pl", "wp.pl", SOURCE_SEARCH, false},
    {"t.cn", "weibo.com", SOURCE_SOCIAL, false},
    {"t.co", "x.com", SOURCE_SOCIAL, false},
    {"t.me", "telegram.org", SOURCE_SOCIAL, false},
    {"t3.chat", "t3.chat", SOURCE_AI_ASSISTANT, false},
    {"taringa.net", "taringa.net", SOURCE_SOCIAL, false},
    {"techhub.social", "techhub.social", SOURCE_SOCIAL, false},
    {"telegram.me", "telegram.org", SOURCE_SOCIAL, false},
    {"telegram.org", "telegram.org", SOURCE_SOCIAL, false},
    {"threads.com", "threads.com", SOURCE_SOCIAL, false},
    {"threads.net", "threads.com", SOURCE_SOCIAL, false},
    {"tieba.baidu.com", "tieba.baidu.com", SOURCE_SOCIAL, false},
    {"tiktok.com", "tiktok.com", SOURCE_SOCIAL, false},
    {"tongyi.aliyun.com", "qwen.ai", SOURCE_AI_ASSISTANT, false},
    {"tongyi.com", "qwen.ai", SOURCE_AI_ASSISTANT, false},
    {"touch.mail.ru", "mail.ru", SOURCE_EMAIL, false},
    {"troet.cafe", "troet.cafe", SOURCE_SOCIAL, false},
    {"truthsocial.com", "truthsocial.com", SOURCE_SOCIAL, false},
    {"tumblr.com", "tumblr.com", SOURCE_SOCIAL, false},
    {"tuta.com", "tuta.com", SOURCE_EMAIL, false},
    {"tutanota.com", "tuta.com", SOURCE_EMAIL, false},
    {"tv.twitch.android.app", "twitch.tv", SOURCE_SOCIAL, true},
    {"twitch.tv", "twitch.tv", SOURCE_SOCIAL, false},
    {"twitter.com", "x.com", SOURCE_SOCIAL, false},
    {"umblr.com", "tumblr.com", SOURCE_SOCIAL, false},
    {"v2ex.com", "v2ex.com", SOURCE_SOCIAL, false},
    {"viadeo.com", "viadeo.com", SOURCE_SOCIAL, false},
    {"viber.com", "viber.com", SOURCE_SOCIAL, false},
    {"vimeo.com", "vimeo.com", SOURCE_SOCIAL, false},
    {"vk.com", "vk.com", SOURCE_SOCIAL, false},
    {"vk.ru", "vk.com", SOURCE_SOCIAL, false},
    {"vkontakte.ru", "vk.com", SOURCE_SOCIAL, false},
    {"wa.me", "whatsapp.com", SOURCE_SOCIAL, false},
    {"webcache.googleusercontent.com", "google.com", SOURCE_SEARCH, false},
    {"webcrawler.com", "webcrawler.com", SOURCE_SEARCH, false},
    {"websearch.rakuten.co.jp", "rakuten.co.jp", SOURCE_SEARCH, false},
    {"wechat.com", "wechat.com", SOURCE_SOCIAL, false},
    {"weibo.cn", "weibo.com", SOURCE_SOCIAL, false},
    {"weibo.com", "weibo.com", SOURCE_SOCIAL, false},
    {"weixin.qq.com", "wechat.com", SOURCE_SOCIAL, false},
    {"whatsapp.com", "whatsapp.com", SOURCE_SOCIAL, false},
    {"wiby.me", "wiby.me", SOURCE_SEARCH, false},
    {"www1.baidu.com", "baidu.com", SOURCE_SEARCH, true},
    {"wx.qq.com", "wechat.com", SOURCE_SOCIAL, true},
    {"wykop.pl", "wykop.pl", SOURCE_SOCIAL, false},
    {"x.com", "x.com", SOURCE_SOCIAL, false},
    {"xhslink.com", "xiaohongshu.com", SOURCE_SOCIAL, false},
    {"xiaohongshu.com", "xiaohongshu.com", SOURCE_SOCIAL, false},
    {"xing.com", "xing.com", SOURCE_SOCIAL, false},
    {"xyz.blueskyweb.app", "bsky.app", SOURCE_SOCIAL, true},
    {"ya.ru", "yandex.com", SOURCE_SEARCH, true},
    {"yahoosearch.com", "yahoo.com", SOURCE_SEARCH, false},
    {"yep.com", "yep.com", SOURCE_SEARCH, false},
    {"yiyan.baidu.com", "yiyan.baidu.com", SOURCE_AI_ASSISTANT, false},
    {"you.com", "you.com", SOURCE_AI_ASSISTANT, false},
    {"youtu.be", "youtube.com", SOURCE_SOCIAL, false},
    {"youtube-nocookie.com", "youtube.com", SOURCE_SOCIAL, false},
    {"youtube.com", "youtube.com", SOURCE_SOCIAL, false},
    {"yuanbao.tencent.com", "yuanbao.tencent.com", SOURCE_AI_ASSISTANT, false},
    {"zapmeta.com", "zapmeta.com", SOURCE_SEARCH, false},
    {"zen.yandex.ru", "dzen.ru", SOURCE_SOCIAL, false},
    {"zhihu.com", "zhihu.com", SOURCE_SOCIAL, false},
    {"zhongsou.com", "zhongsou.com", SOURCE_SEARCH, false},
    {"zoznam.sk", "zoznam.sk", SOURCE_SEARCH, true},
};

/* Without "com" or a country: "google" stands for google.com, google.de, google.co.uk,
 * google.com.br. */
static const struct source_host countries[] = {
    {"alice.yandex", "alice.yandex.ru", SOURCE_AI_ASSISTANT, false},
    {"blogsearch.google", "google.com", SOURCE_SEARCH, true},
    {"clck.yandex", "yandex.com", SOURCE_SEARCH, false},
    {"cse.google", "google.com", SOURCE_SEARCH, true},
    {"encrypted.google", "google.com", SOURCE_SEARCH, false},
    {"gmx", "gmx.net", SOURCE_EMAIL, false},
    {"google", "google.com", SOURCE_SEARCH, true},
    {"image.google", "google.com", SOURCE_SEARCH, true},
    {"images.google", "google.com", SOURCE_SEARCH, true},
    {"images.yahoo", "yahoo.com", SOURCE_SEARCH, false},
    {"images.yandex", "yandex.com", SOURCE_SEARCH, false},
    {"ipv4.google", "google.com", SOURCE_SEARCH, true},
    {"ipv6.google", "google.com", SOURCE_SEARCH, true},
    {"lycos", "lycos.com", SOURCE_SEARCH, true},
    {"mail.yahoo", "mail.yahoo.com", SOURCE_EMAIL, false},
    {"mail.yandex", "mail.yandex.com", SOURCE_EMAIL, false},
    {"mail.zoho", "mail.zoho.com", SOURCE_EMAIL, false},
    {"maps.google", "google.com", SOURCE_SEARCH, true},
    {"news.google", "news.google.com", SOURCE_SEARCH, false},
    {"nextdoor", "nextdoor.com", SOURCE_SOCIAL, false},
    {"pinterest", "pinterest.com", SOURCE_SOCIAL, false},
    {"recherche.aol", "aol.com", SOURCE_SEARCH, false},
    {"scholar.google", "google.com", SOURCE_SEARCH, true},
    {"search.aol", "aol.com", SOURCE_SEARCH, false},
    {"search.excite", "excite.com", SOURCE_SEARCH, false},
    {"search.lycos", "lycos.com", SOURCE_SEARCH, false},
    {"search.tiscali", "tiscali.it", SOURCE_SEARCH, false},
    {"search.yahoo", "yahoo.com", SOURCE_SEARCH, false},
    {"suche.aol", "aol.com", SOURCE_SEARCH, false},
    {"video.google", "google.com", SOURCE_SEARCH, true},
    {"yahoo", "yahoo.com", SOURCE_SEARCH, true},
    {"yandex", "yandex.com", SOURCE_SEARCH, true},
};

/* What people write into utm_source for them. */
static const struct source_host words[] = {
    {"baidu", "baidu.com", SOURCE_SEARCH, true},
    {"bing", "bing.com", SOURCE_SEARCH, true},
    {"bluesky", "bsky.app", SOURCE_SOCIAL, true},
    {"brave", "search.brave.com", SOURCE_SEARCH, true},
    {"bsky", "bsky.app", SOURCE_SOCIAL, true},
    {"chatgpt", "chatgpt.com", SOURCE_AI_ASSISTANT, true},
    {"claude", "claude.ai", SOURCE_AI_ASSISTANT, true},
    {"copilot", "copilot.microsoft.com", SOURCE_AI_ASSISTANT, true},
    {"deepseek", "deepseek.com", SOURCE_AI_ASSISTANT, true},
    {"discord", "discord.com", SOURCE_SOCIAL, true},
    {"doubao", "doubao.com", SOURCE_AI_ASSISTANT, true},
    {"duckduckgo", "duckduckgo.com", SOURCE_SEARCH, true},
    {"ecosia", "ecosia.org", SOURCE_SEARCH, true},
    {"facebook", "facebook.com", SOURCE_SOCIAL, true},
    {"fb", "facebook.com", SOURCE_SOCIAL, true},
    {"gemini", "gemini.google.com", SOURCE_AI_ASSISTANT, true},
    {"google", "google.com", SOURCE_SEARCH, true},
    {"grok", "grok.com", SOURCE_AI_ASSISTANT, true},
    {"hackernews", "news.ycombinator.com", SOURCE_SOCIAL, true},
    {"ig", "instagram.com", SOURCE_SOCIAL, true},
    {"instagram", "instagram.com", SOURCE_SOCIAL, true},
    {"kimi", "kimi.com", SOURCE_AI_ASSISTANT, true},
    {"linkedin", "linkedin.com", SOURCE_SOCIAL, true},
    {"mistral", "mistral.ai", SOURCE_AI_ASSISTANT, true},
    {"naver", "naver.com", SOURCE_SEARCH, true},
    {"nextdoor", "nextdoor.com", SOURCE_SOCIAL, true},
    {"openai", "chatgpt.com", SOURCE_AI_ASSISTANT, true},
    {"perplexity", "perplexity.ai", SOURCE_AI_ASSISTANT, true},
    {"pinterest", "pinterest.com", SOURCE_SOCIAL, true},
    {"quora", "quora.com", SOURCE_SOCIAL, true},
    {"qwant", "qwant.com", SOURCE_SEARCH, true},
    {"reddit", "reddit.com", SOURCE_SOCIAL, true},
    {"seznam", "seznam.cz", SOURCE_SEARCH, true},
    {"snapchat", "snapchat.com", SOURCE_SOCIAL, true},
    {"startpage", "startpage.com", SOURCE_SEARCH, true},
    {"telegram", "telegram.org", SOURCE_SOCIAL, true},
    {"threads", "threads.com", SOURCE_SOCIAL, true},
    {"tiktok", "tiktok.com", SOURCE_SOCIAL, true},
    {"tumblr", "tumblr.com", SOURCE_SOCIAL, true},
    {"twitter", "x.com", SOURCE_SOCIAL, true},
    {"vk", "vk.com", SOURCE_SOCIAL, true},
    {"weibo", "weibo.com", SOURCE_SOCIAL, true},
    {"whatsapp", "whatsapp.com", SOURCE_SOCIAL, true},
    {"x", "x.com", SOURCE_SOCIAL, true},
    {"xing", "xing.com", SOURCE_SOCIAL, true},
    {"yahoo", "yahoo.com", SOURCE_SEARCH, true},
    {"yandex", "yandex.com", SOURCE_SEARCH, true},
    {"youtube", "youtube.com", SOURCE_SOCIAL, true},
};

const struct source_host_table source_host_tables[SOURCE_TABLES] = {
    [SOURCE_TABLE_SITES] = {sites, sizeof sites / sizeof sites[0]},
    [SOURCE_TABLE_COUNTRIES] = {countries, sizeof countries / sizeof countries[0]},
    [SOURCE_TABLE_WORDS] = {words, sizeof words / sizeof words[0]},
};

/* ---- rows ---- */

static int compare_row(const void *text, const void *row)
{
    const struct slice *key = text;
    const struct source_host *host = row;
    return slice_compare(*key, slice_of(host->text));
}

static const struct source_host *row_of(enum source_table number, struct slice text)
{
    const struct source_host_table *table = &source_host_tables[number];
    return bsearch(&text, table->rows, table->count, sizeof *table->rows, compare_row);
}

/* Is what stands before the row's text nothing, or what only says how the site is shown? */
static bool is_front(struct slice before)
{
    static const char *const fronts[] = {"", "www.", "m.", "mobile.", "wap.", "touch."};
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++) {
        if (slice_is(before, fronts[i]))
            return true;
    }
    return false;
}

/*
 * The row of the longest end of the host that begins with a label. What is longer than every text
 * is not looked up, however many labels it has.
 */
static const struct source_host *find_below(enum source_table number, struct slice host)
{
    size_t at = host.size > SOURCE_TEXT_MAX ? host.size - SOURCE_TEXT_MAX : 0;
    for (; at < host.size; at++) {
        if (at && host.at[at - 1] != '.')
            continue;
        const struct source_host *row = row_of(number, slice_from(host, at));
        if (row && (!row->is_alone || is_front(slice_head(host, at))))
            return row;
    }
    return NULL;
}

/* ---- ends of hosts ---- */

/* The last label; empty when the host has only one. */
static struct slice last_label(struct slice host)
{
    for (size_t at = host.size; at > 0; at--) {
        if (host.at[at - 1] == '.')
            return slice_from(host, at);
    }
    return (struct slice){host.at, 0};
}

static struct slice without_label(struct slice host, struct slice label)
{
    return slice_head(host, host.size - label.size - 1);
}

static bool is_country(struct slice label)
{
    return label.size == 2 && ascii_is_letter(label.at[0]) && ascii_is_letter(label.at[1]);
}

/* "www.google" of "www.google.co.uk"; empty when no country and no "com" ends the host. */
static struct slice without_country(struct slice host)
{
    struct slice last = last_label(host);
    if (!is_country(last))
        return slice_is(last, "com") ? without_label(host, last) : (struct slice){host.at, 0};
    host = without_label(host, last);
    struct slice second = last_label(host);
    bool is_two = slice_is(second, "co") || slice_is(second, "com");
    return is_two ? without_label(host, second) : host;
}

const struct source_host *source_host_find(struct slice host)
{
    const struct source_host *row = find_below(SOURCE_TABLE_SITES, host);
    return row ? row : find_below(SOURCE_TABLE_COUNTRIES, without_country(host));
}

const struct source_host *source_word_find(struct slice word)
{
    bool has_dot = word.size && memchr(word.at, '.', word.size) != NULL;
    return has_dot ? source_host_find(word) : row_of(SOURCE_TABLE_WORDS, word);
}

/* ---- first labels ---- */

struct label_rule {
    const char *label;
    enum source_class class;
    size_t least_labels; /* behind it: "mail.example" may be anything */
};

static const struct label_rule label_rules[] = {
    {"webmail", SOURCE_EMAIL, 2},   {"mail", SOURCE_EMAIL, 2},
    {"roundcube", SOURCE_EMAIL, 2}, {"squirrelmail", SOURCE_EMAIL, 2},
    {"horde", SOURCE_EMAIL, 2},     {"zimbra", SOURCE_EMAIL, 2},
    {"owa", SOURCE_EMAIL, 2},       {"mastodon", SOURCE_SOCIAL, 1},
    {"mstdn", SOURCE_SOCIAL, 1},    {"searx", SOURCE_SEARCH, 1},
    {"searxng", SOURCE_SEARCH, 1},
};

/* "mail" and "mail02" are, "mailer" is not. */
static bool is_label(struct slice first, const char *label)
{
    struct slice known = slice_of(label);
    if (!slice_starts_with(first, known))
        return false;
    for (size_t i = known.size; i < first.size; i++) {
        if (!ascii_is_digit(first.at[i]))
            return false;
    }
    return true;
}

enum source_class source_class_of_label(struct slice host)
{
    const char *dot = host.size ? memchr(host.at, '.', host.size) : NULL;
    if (!dot)
        return SOURCE_NONE;
    struct slice first = slice_head(host, (size_t)(dot - host.at));
    struct slice rest = slice_from(host, first.size + 1);
    size_t labels = last_label(rest).size ? 2 : 1;
    for (size_t i = 0; i < sizeof label_rules / sizeof label_rules[0]; i++) {
        if (labels >= label_rules[i].least_labels && is_label(first, label_rules[i].label))
            return label_rules[i].class;
    }
    return SOURCE_NONE;
}
