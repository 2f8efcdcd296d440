using Parquet;
using Parquet.Schema;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>Parquet, for pandas, DuckDB and the like: null where a number is missing or withheld, and `state` says which.</summary>
public sealed class ParquetFlowFormat : IFlowFormat
{
    private const int RowsOfAGroup = 50_000;

    public string MediaType => "application/vnd.apache.parquet";

    public string FileExtension => "parquet";

    public async Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation)
    {
        var columns = FlowColumn.All.Select(c => (Column: c, Field: FieldOf(c))).ToList();
        await using var output = new ForwardStream(to);
        await using (var parquet = await ParquetWriter.CreateAsync(new ParquetSchema([.. columns.Select(c => c.Field)]), output, cancellationToken: cancellation).ConfigureAwait(false))
        {
            await foreach (var batch in RowBatches.OfAsync(rows.Rows, RowsOfAGroup, cancellation).ConfigureAwait(false))
            {
                using var group = parquet.CreateRowGroup();
                foreach (var (column, field) in columns) await WriteAsync(group, column, field, batch, cancellation).ConfigureAwait(false);
            }
        }

        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }

    private static DataField FieldOf(FlowColumn column) => column switch
    {
        TextColumn => new DataField(column.Name, typeof(string), isNullable: false),
        WholeColumn whole => new DataField(column.Name, typeof(int), whole.IsNullable),
        NumberColumn number => new DataField(column.Name, typeof(double), number.IsNullable),
        FlagColumn => new DataField(column.Name, typeof(bool), isNullable: false),
        TimeColumn => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Millis, isNullable: false),
        _ => throw new InvalidOperationException($"no field for {column.GetType().Name}"),
    };

    private static Task WriteAsync(ParquetRowGroupWriter group, FlowColumn column, DataField field, IReadOnlyList<FlowTableRow> rows, CancellationToken cancellation) => column switch
    {
        TextColumn text => group.WriteAsync(field, (IReadOnlyCollection<string>)[.. rows.Select(text.Get)]),
        WholeColumn { IsNullable: true } whole => group.WriteAsync<int>(field, Cells(rows, whole.Get), cancellationToken: cancellation),
        WholeColumn whole => group.WriteAsync<int>(field, Cells(rows, r => whole.Get(r)!.Value), cancellationToken: cancellation),
        NumberColumn { IsNullable: true } number => group.WriteAsync<double>(field, Cells(rows, number.Get), cancellationToken: cancellation),
        NumberColumn number => group.WriteAsync<double>(field, Cells(rows, r => number.Get(r)!.Value), cancellationToken: cancellation),
        FlagColumn flag => group.WriteAsync<bool>(field, Cells(rows, flag.Get), cancellationToken: cancellation),
        TimeColumn time => group.WriteAsync<DateTime>(field, Cells(rows, time.Get), cancellationToken: cancellation),
        _ => throw new InvalidOperationException($"no column for {column.GetType().Name}"),
    };

    private static ReadOnlyMemory<T> Cells<T>(IReadOnlyList<FlowTableRow> rows, Func<FlowTableRow, T> get)
    {
        var cells = new T[rows.Count];
        for (var i = 0; i < cells.Length; i++) cells[i] = get(rows[i]);
        return cells;
    }
}
