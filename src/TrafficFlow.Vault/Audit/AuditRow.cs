using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Vault.Audit;

/// <summary>A record as it is exported, with the names of its columns. Its hash is of the line in the audit's own file, not of this form.</summary>
public sealed record AuditRow(long N, string Time, string Kind, string By, string Account, string Action, string Target, string Outcome, string? Details, long? Of, string Before, string Hash)
{
    public static IReadOnlyList<string> Columns { get; } = ["n", "time", "kind", "by", "account", "action", "target", "outcome", "details", "of", "before", "hash"];

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) };

    public static AuditRow From(AuditRecord r) => new(
        r.Number, r.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), AuditKinds.Of(r.Event.Kind), r.Event.By, r.Event.Account, r.Event.Action, r.Event.Target,
        r.Event.Outcome, r.Event.Details, r.Event.Of, r.Before, r.Hash);

    /// <summary>One line, without its end.</summary>
    public string Json() => JsonSerializer.Serialize(this, s_json);

    /// <summary>One line, without its end; RFC 4180.</summary>
    public string Csv() => string.Join(',', new[]
    {
        N.ToString(CultureInfo.InvariantCulture), Time, Kind, By, Account, Action, Target, Outcome, Details, Of?.ToString(CultureInfo.InvariantCulture), Before, Hash,
    }.Select(CsvCell.Quoted));
}
