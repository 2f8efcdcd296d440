using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats;

/// <summary>
/// Writes flow rows in one media type. Pure besides the stream: no HTTP, no clock, nothing is asked of a database. Only asynchronous writes
/// reach the stream, it is neither sought nor closed, and rows are written as they come, so that memory does not grow with their number.
/// </summary>
public interface IFlowFormat
{
    /// <summary>As an Accept header names it, without parameters.</summary>
    string MediaType { get; }

    /// <summary>As a Content-Type header says it, with parameters.</summary>
    string ContentType => MediaType;

    /// <summary>Without a point, for the name of a downloaded file.</summary>
    string FileExtension { get; }

    /// <exception cref="FormatRefusedException">The rows cannot be said in this format.</exception>
    Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation);
}

/// <summary>What is to be written: one page of rows or all of them.</summary>
/// <param name="Rows">
/// Sorted by approach, bin and revision, then by movement and class, as <see cref="FlowTable"/> makes them: formats that put several rows
/// into one item rely on that.
/// </param>
/// <param name="AsOf">When the rows were read: the time of publication.</param>
public sealed record FlowRows(IAsyncEnumerable<FlowTableRow> Rows, DateTimeOffset AsOf)
{
    /// <summary>Asks for the page that follows; null where nothing does. Read after the last row.</summary>
    public Func<string?> Next { get; init; } = () => null;
}
