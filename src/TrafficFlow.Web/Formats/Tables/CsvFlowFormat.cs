using System.Globalization;
using CsvHelper;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>
/// CSV by RFC 4180: a header, commas, CR LF, UTF-8, times by RFC 3339 with the site's own offset, empty for what is missing; what is withheld
/// is empty too, and `state` tells them apart.
/// </summary>
/// <param name="withMark">Begins with a byte order mark, without which Excel takes the text for one of the system's code page.</param>
public sealed class CsvFlowFormat(bool withMark = false) : IFlowFormat
{
    private const string UtcTime = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public string MediaType => "text/csv";

    public string ContentType => "text/csv; charset=utf-8; header=present";

    public string FileExtension => "csv";

    public async Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation)
    {
        await using var output = new ForwardStream(to);
        await using (var csv = CsvWriter.Create(output, new CsvWriterOptions { Separator = ',', NewLine = "\r\n", WriteByteOrderMark = withMark }, leaveOpen: true))
        {
            csv.WriteHeader([.. FlowColumn.All.Select(c => c.Name)]);
            await foreach (var row in rows.Rows.WithCancellation(cancellation).ConfigureAwait(false))
            {
                foreach (var column in FlowColumn.All) csv.WriteField(Cell(column, row));
                csv.EndRecord();
                await output.ForwardChunkAsync(cancellation).ConfigureAwait(false);
            }

            csv.Flush();
        }

        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }

    private static string Cell(FlowColumn column, FlowTableRow row) => column switch
    {
        TextColumn text => CsvCell.Text(text.Get(row)),
        WholeColumn whole => whole.Get(row)?.ToString(CultureInfo.InvariantCulture) ?? "",
        NumberColumn number => number.Get(row)?.ToString(CultureInfo.InvariantCulture) ?? "",
        FlagColumn flag => flag.Get(row) ? "true" : "false",
        TimeColumn time => time.Get(row).ToString(UtcTime, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"no cell for {column.GetType().Name}"),
    };
}
