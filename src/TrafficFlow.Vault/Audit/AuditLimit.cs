namespace TrafficFlow.Vault.Audit;

/// <summary>How long an audit is kept by the files of sites.</summary>
/// <param name="IsDoubted">The clock may be wrong: nothing is deleted now, by no rule.</param>
/// <param name="Before">A file that was put aside goes as a whole when its first record is older; null where no site limits it.</param>
/// <param name="Span">A file is put aside after so long, so that the rest of it does not go much too early; null for by its size alone.</param>
/// <param name="Why">Stands in the record and in the signed statement.</param>
public sealed record AuditLimit(bool IsDoubted, DateTimeOffset? Before, TimeSpan? Span, string Why)
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(31);

    /// <summary>Of an age: a twentieth, and a month at most.</summary>
    public static TimeSpan SpanOf(TimeSpan age) => age / 20 is var span && span < s_shortest ? s_shortest : span > s_longest ? s_longest : span;
}
