using System.Runtime.CompilerServices;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>Rows of the same bin of the same approach and revision together.</summary>
internal static class BinRows
{
    public static async IAsyncEnumerable<IReadOnlyList<FlowTableRow>> OfAsync(IAsyncEnumerable<FlowTableRow> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var bin = new List<FlowTableRow>();
        await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (bin.Count > 0 && !AreOfOneBin(bin[0], row))
            {
                yield return bin;
                bin = [];
            }

            bin.Add(row);
        }

        if (bin.Count > 0) yield return bin;
    }

    public static bool AreOfOneBin(FlowTableRow a, FlowTableRow b) =>
        a.Site == b.Site && a.Approach == b.Approach && a.Bin.From == b.Bin.From && a.Duration == b.Duration && a.Revision == b.Revision;
}
