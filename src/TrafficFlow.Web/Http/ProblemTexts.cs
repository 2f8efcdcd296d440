using Microsoft.AspNetCore.Http;

namespace TrafficFlow.Web.Http;

/// <summary>What a page says that cannot be shown, in one language.</summary>
/// <param name="Title">What is so.</param>
/// <param name="Remedy">What its reader can do.</param>
internal sealed record ProblemTexts(string Title, string Remedy)
{
    public static ProblemTexts For(int status, string language) => (status, language == "ja") switch
    {
        (StatusCodes.Status401Unauthorized, false) => new("Sign in first", "Nobody is signed in here, or the session has ended."),
        (StatusCodes.Status401Unauthorized, true) => new("サインインが必要です", "サインインしていないか、セッションが終了しました。"),
        (StatusCodes.Status403Forbidden, false) => new("This page is not for your roles", "Ask a custodian of this server for a role that may see it, or sign in with another account."),
        (StatusCodes.Status403Forbidden, true) => new("この画面を見る権限がありません", "管理責任者に権限を依頼するか、別のアカウントでサインインしてください。"),
        (StatusCodes.Status404NotFound, false) => new("There is no such page", "The address may be mistyped, or what it named was taken away."),
        (StatusCodes.Status404NotFound, true) => new("ページが見つかりません", "アドレスに誤りがあるか、削除された可能性があります。"),
        (StatusCodes.Status429TooManyRequests, false) => new("Too many requests", "Wait a little, then load this page again."),
        (StatusCodes.Status429TooManyRequests, true) => new("リクエストが多すぎます", "しばらく待ってから再読み込みしてください。"),
        (StatusCodes.Status503ServiceUnavailable, false) => new("Not available now", "Wait a little, then load this page again. Whoever runs the server finds the reason in its log."),
        (StatusCodes.Status503ServiceUnavailable, true) => new("現在利用できません", "しばらく待ってから再読み込みしてください。原因はサーバーのログにあります。"),
        ( >= 500, false) => new("A fault of this server", "Load this page again. Whoever runs the server finds the reason in its log."),
        ( >= 500, true) => new("サーバーで障害が発生しました", "再読み込みしてください。原因はサーバーのログにあります。"),
        (_, false) => new("This cannot be answered", "Go back, and use the page's own links and forms."),
        (_, true) => new("この要求には応答できません", "前の画面に戻り、画面上のリンクや入力欄を使ってください。"),
    };

    public static string Start(string language) => language == "ja" ? "交差点一覧へ" : "To the sites";

    public static string Account(string language) => language == "ja" ? "自分のアカウントへ" : "To your account";

    public static string SignIn(string language) => language == "ja" ? "サインイン" : "Sign in";
}
