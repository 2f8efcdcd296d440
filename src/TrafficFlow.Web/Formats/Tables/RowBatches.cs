using System.Runtime.CompilerServices;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>Rows in batches, for formats that hold columns.</summary>
internal static class RowBatches
{
    public static async IAsyncEnumerable<IReadOnlyList<FlowTableRow>> OfAsync(
        IAsyncEnumerable<FlowTableRow> rows, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var batch = new List<FlowTableRow>();
        await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
        {
            batch.Add(row);
            if (batch.Count < most) continue;
            yield return batch;
            batch = [];
        }

        if (batch.Count > 0) yield return batch;
    }
}
