using System.Globalization;
using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.Web.Pages.Accounts;

/// <summary>What the pages of accounts say, in one language.</summary>
public sealed record AccountTexts
{
    public required string Title { get; init; }

    public required string NoAccounts { get; init; }

    public required string Unreadable { get; init; }

    public required string NothingChanged { get; init; }

    public required string BackToAccounts { get; init; }

    public required string ShownOnce { get; init; }

    public required string Own { get; init; }

    public required string Name { get; init; }

    public required string Roles { get; init; }

    public required string State { get; init; }

    public required string SecondFactor { get; init; }

    public required string On { get; init; }

    public required string Off { get; init; }

    public required string LastLogIn { get; init; }

    public required string Never { get; init; }

    public required string CreatedBy { get; init; }

    public required string Active { get; init; }

    public required string Disabled { get; init; }

    public required string Invited { get; init; }

    public required string LinkExpired { get; init; }

    public required string ChangePassword { get; init; }

    public required string OldPassword { get; init; }

    public required string NewPassword { get; init; }

    public required string Again { get; init; }

    public required string NotTheSame { get; init; }

    public required string PasswordChanged { get; init; }

    public required string SignInAgain { get; init; }

    public required string TurnOn { get; init; }

    public required string TurnOff { get; init; }

    public required string SecondFactorExplained { get; init; }

    public required string Secret { get; init; }

    public required string SecretLink { get; init; }

    public required string QrCode { get; init; }

    public required string CodeOfAuthenticator { get; init; }

    public required string Confirm { get; init; }

    public required string SecondFactorIsOn { get; init; }

    public required string SecondFactorIsOff { get; init; }

    public required string RecoveryExplained { get; init; }

    public required string RecoveryCode { get; init; }

    public required string Tokens { get; init; }

    public required string AllTokens { get; init; }

    public required string NoTokens { get; init; }

    public required string Token { get; init; }

    public required string Account { get; init; }

    public required string Scope { get; init; }

    public required string GoodUntil { get; init; }

    public required string Revoked { get; init; }

    public required string Expired { get; init; }

    public required string Revoke { get; init; }

    public required string MakeToken { get; init; }

    public required string NameOfProgram { get; init; }

    public required string Sites { get; init; }

    public required string AllSites { get; init; }

    public required string Uses { get; init; }

    public required string Days { get; init; }

    public required string TokenMade { get; init; }

    public required string TokenExplained { get; init; }

    public required string All { get; init; }

    public required string Add { get; init; }

    public required string AddExplained { get; init; }

    public required string NameOfAccount { get; init; }

    public required string LinkMade { get; init; }

    /// <summary>{0}: until when.</summary>
    public required string LinkExplained { get; init; }

    public required string NoSuchAccount { get; init; }

    public required string ChangeRoles { get; init; }

    public required string RolesExplained { get; init; }

    public required string NewLink { get; init; }

    public required string NewLinkExplained { get; init; }

    public required string DropSecondFactor { get; init; }

    public required string Disable { get; init; }

    public required string DisableExplained { get; init; }

    public required string Enable { get; init; }

    public required string Custodian { get; init; }

    public required string Operator { get; init; }

    public required string Analyst { get; init; }

    public required string City { get; init; }

    public required string UseRead { get; init; }

    public required string UseSubscribe { get; init; }

    public required string UseExport { get; init; }

    public required string UseCommand { get; init; }

    private static readonly AccountTexts English = new()
    {
        Title = "Accounts",
        NoAccounts = "This node has no accounts: whoever has its link is in, until it stops. A node that runs as a service has them.",
        Unreadable = "The accounts of this server cannot be read, and nothing was changed. Whoever runs the server finds the reason in its log.",
        NothingChanged = "Nothing was changed",
        BackToAccounts = "Back to the accounts",
        ShownOnce = "This is shown here and never again.",
        Own = "Your account",
        Name = "Name",
        Roles = "Roles",
        State = "State",
        SecondFactor = "Second factor",
        On = "on",
        Off = "off",
        LastLogIn = "Last log-in",
        Never = "never",
        CreatedBy = "Made by",
        Active = "active",
        Disabled = "disabled",
        Invited = "invited",
        LinkExpired = "link expired",
        ChangePassword = "Change the password",
        OldPassword = "Present password",
        NewPassword = "New password (12 to 256 characters; a sentence is a good one)",
        Again = "The same again",
        NotTheSame = "the two new passwords are not the same",
        PasswordChanged = "The password is changed",
        SignInAgain = "All sessions of your account have ended: sign in again.",
        TurnOn = "Set up a second factor",
        TurnOff = "Remove the second factor",
        SecondFactorExplained = "Scan the code with an authenticator, or type the secret into it. Then type the code that it shows: only with that the second factor is on.",
        Secret = "Secret",
        SecretLink = "As a link",
        QrCode = "QR code of the secret",
        CodeOfAuthenticator = "Code that the authenticator shows",
        Confirm = "Confirm",
        SecondFactorIsOn = "The second factor is on",
        SecondFactorIsOff = "The second factor is off",
        RecoveryExplained = "Keep these codes where you find them without the authenticator: each lets you in once. All sessions of your account have ended: sign in again.",
        RecoveryCode = "Code",
        Tokens = "Tokens of your programs",
        AllTokens = "Tokens of all accounts",
        NoTokens = "No tokens.",
        Token = "Token",
        Account = "Account",
        Scope = "For",
        GoodUntil = "Good until",
        Revoked = "revoked",
        Expired = "expired",
        Revoke = "Revoke",
        MakeToken = "Make a token",
        NameOfProgram = "Name of the program (a-z, 0-9, _ and -)",
        Sites = "Sites",
        AllSites = "all sites",
        Uses = "What for",
        Days = "Good for days (1 to 366)",
        TokenMade = "The token is made",
        TokenExplained = "The program shows it with each request: Authorization: Bearer TOKEN. Keep it like a password.",
        All = "All accounts",
        Add = "Add an account",
        AddExplained = "A link is shown once: hand it to whom it is for, who sets the password with it within 24 hours.",
        NameOfAccount = "Name (a-z, 0-9, _ and -)",
        LinkMade = "One-time link",
        LinkExplained = "Hand it to whom it is for, by a way that others do not read. It can be used once, until {0}; an earlier one is void.",
        NoSuchAccount = "There is no such account.",
        ChangeRoles = "Change the roles",
        RolesExplained = "Its sessions end. The last custodian who can log in stays one.",
        NewLink = "Make a new link",
        NewLinkExplained = "For a forgotten password: the present one is good until the link is used.",
        DropSecondFactor = "and remove the second factor, for a lost authenticator",
        Disable = "Disable the account",
        DisableExplained = "Its sessions and tokens end at once, and its link is void. What it did stays in the audit.",
        Enable = "Enable the account",
        Custodian = "custodian",
        Operator = "operator",
        Analyst = "analyst",
        City = "city",
        UseRead = "read",
        UseSubscribe = "subscribe",
        UseExport = "export",
        UseCommand = "command",
    };

    private static readonly AccountTexts Japanese = new()
    {
        Title = "アカウント",
        NoAccounts = "このノードにアカウントはありません。リンクを知っている人が、停止するまで利用できます。サービスとして動くノードにはアカウントがあります。",
        Unreadable = "このサーバーのアカウントを読み取れません。何も変更されていません。理由はサーバーのログにあります。",
        NothingChanged = "変更されませんでした",
        BackToAccounts = "アカウントに戻る",
        ShownOnce = "この内容は一度だけ表示されます。",
        Own = "自分のアカウント",
        Name = "名前",
        Roles = "役割",
        State = "状態",
        SecondFactor = "二段階認証",
        On = "有効",
        Off = "無効",
        LastLogIn = "最終ログイン",
        Never = "なし",
        CreatedBy = "作成者",
        Active = "有効",
        Disabled = "無効",
        Invited = "招待中",
        LinkExpired = "リンク期限切れ",
        ChangePassword = "パスワードを変更",
        OldPassword = "現在のパスワード",
        NewPassword = "新しいパスワード（12～256文字、文章がお勧めです）",
        Again = "もう一度",
        NotTheSame = "二つの新しいパスワードが一致しません",
        PasswordChanged = "パスワードを変更しました",
        SignInAgain = "このアカウントのすべてのセッションを終了しました。もう一度ログインしてください。",
        TurnOn = "二段階認証を設定",
        TurnOff = "二段階認証を解除",
        SecondFactorExplained = "認証アプリでコードを読み取るか、秘密鍵を入力してください。その後、表示された数字を入力すると二段階認証が有効になります。",
        Secret = "秘密鍵",
        SecretLink = "リンク",
        QrCode = "秘密鍵の QR コード",
        CodeOfAuthenticator = "認証アプリに表示された数字",
        Confirm = "確認",
        SecondFactorIsOn = "二段階認証を有効にしました",
        SecondFactorIsOff = "二段階認証を解除しました",
        RecoveryExplained = "認証アプリを失くした場合に備え、次のコードを保管してください。それぞれ一度だけ使えます。すべてのセッションを終了しました。もう一度ログインしてください。",
        RecoveryCode = "コード",
        Tokens = "自分のプログラム用トークン",
        AllTokens = "全アカウントのトークン",
        NoTokens = "トークンはありません。",
        Token = "トークン",
        Account = "アカウント",
        Scope = "範囲",
        GoodUntil = "有効期限",
        Revoked = "失効",
        Expired = "期限切れ",
        Revoke = "失効させる",
        MakeToken = "トークンを作成",
        NameOfProgram = "プログラムの名前（a-z、0-9、_、-）",
        Sites = "交差点",
        AllSites = "すべての交差点",
        Uses = "用途",
        Days = "有効日数（1～366）",
        TokenMade = "トークンを作成しました",
        TokenExplained = "プログラムはリクエストごとに提示します：Authorization: Bearer TOKEN。パスワードと同様に保管してください。",
        All = "すべてのアカウント",
        Add = "アカウントを追加",
        AddExplained = "一度だけ表示されるリンクを本人に渡してください。本人が24時間以内にパスワードを設定します。",
        NameOfAccount = "名前（a-z、0-9、_、-）",
        LinkMade = "一度だけ使えるリンク",
        LinkExplained = "本人だけが読める方法で渡してください。{0} まで一度だけ使えます。以前のリンクは無効です。",
        NoSuchAccount = "そのアカウントはありません。",
        ChangeRoles = "役割を変更",
        RolesExplained = "このアカウントのセッションは終了します。ログインできる最後の管理責任者の役割は外せません。",
        NewLink = "新しいリンクを作成",
        NewLinkExplained = "パスワードを忘れた場合に使います。リンクを使うまで現在のパスワードは有効です。",
        DropSecondFactor = "認証アプリを失くした場合：二段階認証も解除する",
        Disable = "アカウントを無効化",
        DisableExplained = "セッションとトークンは直ちに終了し、リンクも無効になります。監査記録は残ります。",
        Enable = "アカウントを有効化",
        Custodian = "管理責任者",
        Operator = "運用者",
        Analyst = "分析者",
        City = "自治体",
        UseRead = "参照",
        UseSubscribe = "購読",
        UseExport = "書き出し",
        UseCommand = "操作",
    };

    public static AccountTexts For(string? language) => language == "ja" ? Japanese : English;

    public static string With(string text, object value) => string.Format(CultureInfo.InvariantCulture, text, value);

    public string Of(Role role) => role switch
    {
        Role.Custodian => Custodian,
        Role.Operator => Operator,
        Role.Analyst => Analyst,
        Role.City => City,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "no such role"),
    };

    public string Of(ApiUse use) => use switch
    {
        ApiUse.Read => UseRead,
        ApiUse.Subscribe => UseSubscribe,
        ApiUse.Export => UseExport,
        ApiUse.Command => UseCommand,
        _ => throw new ArgumentOutOfRangeException(nameof(use), use, "no such use"),
    };

    /// <summary>Uses and sites of a token.</summary>
    public string Of(ApiScope scope) => $"{string.Join(", ", scope.Uses.Select(Of))} · {string.Join(", ", scope.Sites.Select(s => s == "*" ? AllSites : s))}";

    /// <param name="state">As <see cref="Vault.Accounts.Account.State"/> tells it.</param>
    public string OfState(string state) => state switch
    {
        "active" => Active,
        "disabled" => Disabled,
        "invited" => Invited,
        _ => LinkExpired,
    };
}
