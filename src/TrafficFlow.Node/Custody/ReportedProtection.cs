using System.Collections.Immutable;
using TrafficFlow.Core.Texts;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Node.Custody;

/// <summary>What was found of disk and links, as a node's report carries it to where inspections are recorded.</summary>
internal static class ReportedProtection
{
    private const int LongestText = 300;

    public static ImmutableArray<ProtectionReport> Of(IReadOnlyList<CustodyFinding> findings) =>
        [.. from f in findings
            where f.Rule is CustodyRule.Disk or CustodyRule.Link
            select new ProtectionReport(f.Site, f.Rule == CustodyRule.Disk ? ProtectionKind.Disk : ProtectionKind.Link, f.Target, f.IsUnknown || f.IsUnresolved ? null : f.IsMet, PlainText.Of(f.Text, LongestText))];
}
