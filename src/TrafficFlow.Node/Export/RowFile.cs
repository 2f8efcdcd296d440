using System.CommandLine;
using System.Text.Json;
using Parquet;
using Parquet.Serialization;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Count;

namespace TrafficFlow.Node.Export;

internal enum RowFormat
{
    Csv,
    Json,
    Parquet,
}

/// <summary>Where rows go, and in which form: a file that is there only once it is whole, or standard output.</summary>
/// <param name="File">Null for standard output.</param>
internal sealed record RowFile(RowFormat Format, string? File)
{
    private const int RowsOfAGroup = 100_000;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = false, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Option<string> FormatOption() => new("--format")
    {
        Description = "csv (RFC 4180, for spreadsheets), json (a list of objects) or parquet (for pandas, DuckDB and the like).",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "csv",
    };

    public static Option<string?> OutOption() => new("--out") { Description = "The file to write, which must not be there yet. [default: standard output]", HelpName = "FILE" };

    public static Option<string> ConfigOption() => new("--config")
    {
        Description = "The server's node file, which names its database and its site files.",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>Of CSV.</summary>
    public CsvForm Form { get; init; } = CsvForm.Comma;

    /// <exception cref="UsageException">No such format, or one that needs a file, or a form of CSV for another one.</exception>
    public static RowFile Of(string? format, string? form, string? file)
    {
        var csv = CsvFormOption.Read(form);
        var rows = Of(format, file);
        return rows.Format == RowFormat.Csv || csv == CsvForm.Comma ? rows with { Form = csv } : throw new UsageException($"--csv-form {form} is of --format csv, not of {format}");
    }

    private static RowFile Of(string? format, string? file) => format?.ToLowerInvariant() switch
    {
        null or "csv" => new RowFile(RowFormat.Csv, file),
        "json" => new RowFile(RowFormat.Json, file),
        "parquet" when file is null => throw new UsageException("--format parquet is no text: name a file with --out FILE"),
        "parquet" => new RowFile(RowFormat.Parquet, file),
        _ => throw new UsageException($"--format {format}: expected csv, json or parquet"),
    };

    /// <exception cref="UsageException">The file is there already.</exception>
    public void CheckFree()
    {
        if (File is not null && new FileInfo(File) is var place && (Path.Exists(File) || place.LinkTarget is not null)) throw new UsageException($"--out {File} is there already: remove it, or name another file");
    }

    /// <returns>How many rows were written.</returns>
    /// <exception cref="JobFailedException">The file cannot be written.</exception>
    public async Task<long> WriteAsync<T>(IAsyncEnumerable<T> rows, CancellationToken cancellation)
        where T : class, new()
    {
        if (File is null)
        {
            await using var output = Console.OpenStandardOutput();
            return await WriteAsync(rows, output, cancellation);
        }

        try
        {
            using var draft = FileDraft.Of(File);
            long count;
            await using (var output = draft.Open()) count = await WriteAsync(rows, output, cancellation);
            draft.Move(overwrite: false);
            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{File} cannot be written ({e.Message}): is its folder there, writable, and the disk not full?", e);
        }
    }

    private async Task<long> WriteAsync<T>(IAsyncEnumerable<T> rows, Stream output, CancellationToken cancellation)
        where T : class, new()
    {
        long count = 0;
        switch (Format)
        {
            case RowFormat.Csv:
                await CsvRows.WriteAsync(Counted(), Form, output, cancellation);
                break;
            case RowFormat.Json:
                await JsonSerializer.SerializeAsync(output, Counted(), Json, cancellation);
                output.Write("\n"u8);
                break;
            default:
                await ParquetSerializer.SerializeAsync(
                    Counted().ToBlockingEnumerable(cancellation), output, new ParquetOptions { RowGroupSize = RowsOfAGroup }, cancellationToken: cancellation);
                break;
        }

        return count;

        async IAsyncEnumerable<T> Counted()
        {
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                count++;
                yield return row;
            }
        }
    }
}
