using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <summary>
/// What a password must be, after NIST SP 800-63B: long, and none that others try first. No kinds of characters are asked for, and none expires. The list of
/// common ones is of 8,000 whole passwords, nearly all of them shorter than any that is allowed here: what is looked up is the password without figures and signs
/// at its ends, and its halves where it says one thing twice.
/// </summary>
public static class PasswordRule
{
    /// <summary>Characters (Unicode scalar values, normalised).</summary>
    public const int Shortest = 12;

    public const int Longest = 256;

    /// <summary>The fewest different characters, lest it be a repetition.</summary>
    private const int FewestDifferent = 5;

    /// <summary>Of the password's length, that a known word may not take up.</summary>
    private const int FewestBesideWord = 6;

    private static readonly string[] s_rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"];
    private static readonly string[] s_ours = ["trafficflow", "traffic", "custodian", "operator", "analyst", "password", "intersection", "junction", "camera", "kawasaki", "kokandori"];
    private static readonly Lazy<HashSet<string>> s_common = new(Read);

    /// <param name="name">Of the account.</param>
    /// <returns>Null where it can be used; otherwise what is wrong and what helps, without the password.</returns>
    public static string? Problem(string password, string name)
    {
        if (password.Length > 4 * Longest) return TooLong();
        var normal = Nfc.Of(password);
        var count = normal.EnumerateRunes().Count();
        if (count < Shortest) return $"the password has {count} characters, and at least {Shortest} are needed: three or four words that have nothing to do with each other are easy to keep";
        if (count > Longest) return TooLong();
        if (normal.Any(char.IsControl)) return "the password holds a control character: leave out tabs and line breaks";
        var small = normal.ToLowerInvariant();
        if (small.EnumerateRunes().Distinct().Count() < FewestDifferent) return Guessed("it repeats a few characters");
        if (IsSequence(small)) return Guessed("it goes along the alphabet or the keyboard");
        var plain = Plain(small);
        if (Once(plain) is { } once && (once.Length < Shortest / 2 || IsCommon(once))) return Guessed("it repeats one short word");
        if (IsCommon(plain) || IsCommon(small)) return Guessed("it is one of the passwords that are tried first");
        foreach (var word in s_ours.Append(name))
        {
            if (word.Length >= 4 && Holds(plain, word)) return Guessed($"there is little in it besides \"{word}\"");
        }

        return null;
    }

    private static string TooLong() => $"the password has more than {Longest} characters: take a shorter one";

    private static string Guessed(string why) => $"the password is easily guessed ({why}): three or four words that have nothing to do with each other are easy to keep";

    /// <summary>Letters put in the place of figures and signs are put back; figures and signs at both ends go.</summary>
    private static string Plain(string text)
    {
        var core = text.Trim([.. "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "]);
        return string.Concat(core.Select(c => c switch { '0' => 'o', '1' => 'l', '3' => 'e', '4' => 'a', '5' => 's', '7' => 't', '@' => 'a', '$' => 's', _ => c }));
    }

    private static bool IsCommon(string text) => text.Length > 0 && s_common.Value.Contains(text);

    private static bool Holds(string text, string word) => text.Contains(word, StringComparison.Ordinal) && text.Replace(word, "", StringComparison.Ordinal).Length < FewestBesideWord;

    /// <returns>What it repeats from beginning to end; null where it does not.</returns>
    private static string? Once(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (Enumerable.Range(length, text.Length - length).All(i => text[i] == text[i - length])) return text[..length];
        }

        return null;
    }

    /// <summary>Whether nearly all of it goes step by step along a row, forwards or backwards.</summary>
    private static bool IsSequence(string text)
    {
        var steps = 0;
        for (var i = 1; i < text.Length; i++)
        {
            var (pair, back) = (text[(i - 1)..(i + 1)], $"{text[i]}{text[i - 1]}");
            if (s_rows.Any(r => r.Contains(pair, StringComparison.Ordinal) || r.Contains(back, StringComparison.Ordinal))) steps++;
        }

        return steps >= (text.Length - 1) * 4 / 5;
    }

    private static HashSet<string> Read()
    {
        using var list = typeof(PasswordRule).Assembly.GetManifestResourceStream("common-passwords.txt") ?? throw new InvalidOperationException("there is no common-passwords.txt");
        using var lines = new StreamReader(list);
        var common = new HashSet<string>(StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
        {
            if (!line.StartsWith('#')) common.Add(line);
        }

        return common;
    }
}
