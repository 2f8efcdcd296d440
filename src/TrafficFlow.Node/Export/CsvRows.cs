using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using CsvHelper;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Export;

/// <summary>Rows as CSV by RFC 4180: a header, comma (or semicolon, and then decimal commas), CR LF, UTF-8 without a mark, empty for what is not known.</summary>
internal static class CsvRows
{
    private const string UtcTime = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static async Task WriteAsync<T>(IAsyncEnumerable<T> rows, CsvForm form, Stream output, CancellationToken cancellation)
    {
        var numbers = (NumberFormatInfo)NumberFormatInfo.InvariantInfo.Clone();
        if (form.Separator == CsvForm.Semicolon.Separator) numbers.NumberDecimalSeparator = ",";
        var columns = typeof(T).GetProperties().Select(p => (p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? p.Name, Get: Getter(p, numbers))).ToArray();
        await using var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        await using var csv = CsvWriter.Create(text, new CsvWriterOptions { Separator = form.Separator, NewLine = "\r\n" }, leaveOpen: true);
        csv.WriteHeader([.. columns.Select(c => c.Item1)]);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            foreach (var (_, get) in columns) csv.WriteField(get(row!));
            csv.EndRecord();
        }

        await csv.FlushAsync(cancellation);
    }

    private static Func<object, string> Getter(PropertyInfo property, NumberFormatInfo numbers) => row => property.GetValue(row) switch
    {
        null => "",
        string text => CsvCell.Text(text),
        DateTime utc => utc.ToString(UtcTime, CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, numbers),
        var other => other.ToString()!,
    };
}
