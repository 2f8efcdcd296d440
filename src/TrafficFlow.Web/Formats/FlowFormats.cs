using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats;

/// <summary>The tabular formats, which need nothing but the rows; the first is what who asks for nothing gets.</summary>
public static class FlowFormats
{
    public static readonly IReadOnlyList<IFlowFormat> Tables = [new JsonFlowFormat(), new CsvFlowFormat(), new JsonLinesFlowFormat(), new ParquetFlowFormat(), new ArrowFlowFormat()];

    /// <summary>For Excel: the same table, begun with a byte order mark.</summary>
    public static readonly IFlowFormat CsvWithMark = new CsvFlowFormat(withMark: true);

    /// <param name="mediaType">Without parameters.</param>
    public static IFlowFormat? ByMediaType(string mediaType) => Tables.FirstOrDefault(f => string.Equals(f.MediaType, mediaType, StringComparison.OrdinalIgnoreCase));

    /// <param name="extension">Of a file's name, without the point.</param>
    public static IFlowFormat? ByExtension(string extension) => Tables.FirstOrDefault(f => string.Equals(f.FileExtension, extension, StringComparison.OrdinalIgnoreCase));
}
