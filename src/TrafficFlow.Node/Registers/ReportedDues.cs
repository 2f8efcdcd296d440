using System.Globalization;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Alerts;
using TrafficFlow.Web.Alerts;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Node.Registers;

/// <summary>
/// What other nodes report to be told. A node at the roadside may be in anybody's hands: each is told for as often a day as somebody can read, then that there is more, and nothing that it makes up keeps anything else from being
/// told.
/// </summary>
internal static class ReportedDues
{
    /// <summary>Of one node, by one channel, on one day (UTC).</summary>
    public const int MostEachDay = 10;

    private const string Prefix = "node/";
    private const int LongestNode = 100;

    /// <summary>Under the name that its certificate gives it: no node takes the id of an alert of another one.</summary>
    /// <param name="node">HOST:PORT.</param>
    public static DueReport Of(string node, DueReport due) => due with { Id = $"{Prefix}{node}/{due.Id}" };

    /// <returns>The node that reports it; null for this one.</returns>
    public static string? NodeOf(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) && id.IndexOf('/', Prefix.Length) is > 0 and var end ? PlainText.Of(id[Prefix.Length..end], LongestNode) : null;

    /// <summary>What of these is told now by a channel, with the names under which it is remembered.</summary>
    public static IEnumerable<(Alert Alert, string Name)> Due(IReadOnlyList<Alert> alerts, string channel, SentAlerts sent, DateTimeOffset now)
    {
        foreach (var own in alerts.Where(a => NodeOf(a.Id) is null))
        {
            var name = $"{channel}:{own.Id}";
            if (!sent.Has(name)) yield return (own, name);
        }

        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        foreach (var reported in alerts.GroupBy(a => NodeOf(a.Id)))
        {
            if (reported.Key is not { } node) continue;
            var left = MostEachDay - sent.CountOf(channel, node, day);
            var named = reported.Select(a => (Alert: a, Name: SentAlerts.Of(channel, node, a.Id))).DistinctBy(a => a.Name).Where(a => !sent.Has(a.Name)).ToList();
            foreach (var one in named.Take(left)) yield return one;
            var further = Further(node, day);
            if (named.Count > left && !sent.Has($"{channel}:{further.Id}")) yield return (further, $"{channel}:{further.Id}");
        }
    }

    private static Alert Further(string node, DateTimeOffset day)
    {
        var on = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new Alert(
            $"further/{node}/{on}", $"{node}: more is due than is told by mail: see its health (ほかにも期限の通知あり)",
            $"{node} reports more than {MostEachDay} things that are due on {on}; further ones: see its health, on the page Health. A node that reports so much may be in other hands.\n\nノード{node}から本日{MostEachDay}件を超える期限の通知がありました。残りは画面「稼働状況」で確認してください。\n");
    }
}
