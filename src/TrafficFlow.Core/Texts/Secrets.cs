using System.Text.RegularExpressions;

namespace TrafficFlow.Core.Texts;

/// <summary>
/// Takes secrets out of a text before it is shown. When in doubt it takes more: users and queries of addresses go with the passwords.
/// </summary>
public static partial class Secrets
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Hidden = "***";

    public static string Hide(string value)
    {
        // A password may itself hold @, / and ?: all up to the last @ goes.
        value = UserInfo().Replace(value, $"$1{Hidden}@");
        value = Query().Replace(value, $"$1{Hidden}");
        value = Json().Replace(value, $"$1\"{Hidden}\"");
        value = Authorization().Replace(value, $"$1{Hidden}");
        value = Own().Replace(value, $"$1{Hidden}");
        return Assignment().Replace(value, $"$1{Hidden}");
    }

    /// <summary>
    /// For comments, where people note secrets in words of their own: nothing is left of the line behind such a word, nor of what stands before an @ like a user with a password.
    /// </summary>
    public static string HideInComment(string value) => Noted().Replace(Login().Replace(Hide(value), $"{Hidden}@"), $"$1 {Hidden}");

    /// <summary>Not Akka's own: akka.tcp://SYSTEM@HOST names a system.</summary>
    [GeneratedRegex(@"(?<![a-z0-9+.-])((?!akka)[a-z][a-z0-9+.-]*://).*@", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex UserInfo();

    /// <summary>A password may hold commas and brackets; those at the end are a list's.</summary>
    [GeneratedRegex(@"(://[^\s?#]*[?#])[^\s""']*[^\s""',\]]")]
    private static partial Regex Query();

    [GeneratedRegex("""
        ("(?:password|passwd|passphrase|pwd|secret|token|api[-_ ]?key)"\s*:\s*)"(?:[^"\\]|\\.)*"
        """, RegexOptions.IgnoreCase)]
    private static partial Regex Json();

    [GeneratedRegex(@"(\bAuthorization:\s*)\S+(?:\s+\S+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Authorization();

    /// <summary>Tokens, links, sessions and devices of our own, wherever they stand.</summary>
    [GeneratedRegex(@"\b(tf[tisd]_)[A-Za-z0-9_-]{20,}")]
    private static partial Regex Own();

    /// <summary>A part of a connection string; a quoted value may hold semicolons and doubled quotes.</summary>
    [GeneratedRegex("""
        (\b(?:password|passwd|passphrase|pwd|secret|token|api[-_ ]?key)\s*=\s*)(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]+)
        """, RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(?<!\S)(?!\S*://)[^\s:]+:\S+@")]
    private static partial Regex Login();

    [GeneratedRegex(
        @"((?<![a-z])(?:pass(?:word|wd|phrase|code)?s?|pwd?|pin|secrets?|tokens?|(?:api[-_ ]?)?keys?|credentials?|login)(?![a-z])|パスワード|暗証番号|合言葉|認証情報)[^\S\r\n]*[^\s*].*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Noted();
}
