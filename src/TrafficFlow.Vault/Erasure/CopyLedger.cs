using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Erasure;

public enum CopyKind
{
    /// <summary>Segments in clear or as they are, that left the vault.</summary>
    Export = 0,

    /// <summary>Hand-carried to the server, encrypted to its key.</summary>
    Bundle = 1,

    /// <summary>Of the keys, with or without the segments.</summary>
    Backup = 2,

    /// <summary>Frames for training and evaluation.</summary>
    Learning = 3,
}

/// <summary>A copy of recordings, or of keys that open them, outside the vault. Erasing the vault does not reach it: it has an end of its own.</summary>
/// <param name="Scope">Of what.</param>
/// <param name="Where">In whose hands, on what.</param>
/// <param name="Until">It is to be destroyed by then.</param>
/// <param name="Ended">When it was destroyed, or came home; null while it is not known to be.</param>
/// <param name="How">It ended: who destroyed it and how, or by which confirmation.</param>
public sealed record CopyEntry(string Id, CopyKind Kind, EraseScope Scope, DateTimeOffset Made, string By, string Where, DateTimeOffset Until, DateTimeOffset? Ended, string? How)
{
    public bool IsOverdue(DateTimeOffset now) => Ended is null && now >= Until;
}

/// <summary>Register of copies: copies.json of the vault folder. Ended ones stay.</summary>
/// <param name="passed">A time that has surely passed: an end behind it is one in the future. Null where the clock is believed.</param>
public sealed class CopyLedger(VaultKeys keys, TimeProvider time, Func<DateTimeOffset>? passed = null) : VaultRegister<CopyEntry>(keys, FileName)
{
    internal const string FileName = "copies.json";

    private const int LongestText = 500;

    /// <exception cref="FormatException">It is not said where it is, or until when.</exception>
    public CopyEntry Add(CopyKind kind, EraseScope scope, string by, string where, DateTimeOffset until)
    {
        if (string.IsNullOrWhiteSpace(where) || where.Length > LongestText) throw new FormatException($"say where the copy goes and who has it, in at most {LongestText} characters");
        if (until <= (passed ?? time.GetUtcNow)()) throw new FormatException("a copy needs an end in the future, by which it is destroyed");
        return Change(copies =>
        {
            var copy = new CopyEntry(Numbers.Next(copies.Select(c => c.Id), "copy"), kind, scope.Checked(), time.GetUtcNow(), by, where.Trim(), until, null, null);
            copies.Add(copy);
            return copy;
        });
    }

    /// <exception cref="FormatException">There is no such copy that has not ended, or it is not said how it ended.</exception>
    public void End(string id, string how) => Change(copies =>
    {
        if (WhyNoEnd(how) is { } why) throw new FormatException(why);
        var at = copies.FindIndex(c => c.Id == id && c.Ended is null);
        if (at < 0) throw new FormatException($"there is no copy {id} that has not ended");
        return copies[at] = copies[at] with { Ended = time.GetUtcNow(), How = how.Trim() };
    });

    /// <returns>Why this does not say how a copy ended; null where it does.</returns>
    internal static string? WhyNoEnd(string how) => string.IsNullOrWhiteSpace(how) || how.Length > LongestText ? $"say how the copy was destroyed, in at most {LongestText} characters" : null;

    /// <summary>Those that have not ended and may hold something of a scope.</summary>
    public IReadOnlyList<CopyEntry> Meeting(EraseScope scope) => [.. All.Where(c => c.Ended is null && c.Scope.Meets(scope))];
}
