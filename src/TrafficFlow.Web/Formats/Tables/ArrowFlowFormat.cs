using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>An Arrow IPC stream: null where a number is missing or withheld, and `state` says which. Each field's metadata describes it.</summary>
public sealed class ArrowFlowFormat : IFlowFormat
{
    private const int RowsOfABatch = 8_192;

    private static readonly TimestampType Utc = new(TimeUnit.Second, "UTC");

    private static readonly Schema Schema = new(FlowColumn.All.Select(FieldOf), null);

    public string MediaType => "application/vnd.apache.arrow.stream";

    public string FileExtension => "arrows";

    public async Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation)
    {
        await using var output = new ForwardStream(to);
        using (var arrow = new ArrowStreamWriter(output, Schema, leaveOpen: true))
        {
            await arrow.WriteStartAsync(cancellation).ConfigureAwait(false);
            await foreach (var rowsOfBatch in RowBatches.OfAsync(rows.Rows, RowsOfABatch, cancellation).ConfigureAwait(false))
            {
                using var batch = new RecordBatch(Schema, FlowColumn.All.Select(c => ArrayOf(c, rowsOfBatch)), rowsOfBatch.Count);
                await arrow.WriteRecordBatchAsync(batch, cancellation).ConfigureAwait(false);
            }

            await arrow.WriteEndAsync(cancellation).ConfigureAwait(false);
        }

        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }

    private static Field FieldOf(FlowColumn column)
    {
        var (type, isNullable) = column switch
        {
            TextColumn => ((IArrowType)StringType.Default, false),
            WholeColumn whole => (Int32Type.Default, whole.IsNullable),
            NumberColumn number => (DoubleType.Default, number.IsNullable),
            FlagColumn => (BooleanType.Default, false),
            TimeColumn => (Utc, false),
            _ => throw new InvalidOperationException($"no field for {column.GetType().Name}"),
        };
        return new Field(column.Name, type, isNullable, [new KeyValuePair<string, string>("description", column.Description)]);
    }

    private static IArrowArray ArrayOf(FlowColumn column, IReadOnlyList<FlowTableRow> rows)
    {
        switch (column)
        {
            case TextColumn text:
                return new StringArray.Builder().AppendRange(rows.Select(text.Get)).Build();
            case WholeColumn whole:
                var wholes = new Int32Array.Builder().Reserve(rows.Count);
                foreach (var row in rows) wholes.Append(whole.Get(row));
                return wholes.Build();
            case NumberColumn number:
                var numbers = new DoubleArray.Builder().Reserve(rows.Count);
                foreach (var row in rows) numbers.Append(number.Get(row));
                return numbers.Build();
            case FlagColumn flag:
                return new BooleanArray.Builder().AppendRange(rows.Select(flag.Get)).Build();
            case TimeColumn time:
                return new TimestampArray.Builder(Utc).AppendRange(rows.Select(r => new DateTimeOffset(time.Get(r)))).Build();
            default:
                throw new InvalidOperationException($"no array for {column.GetType().Name}");
        }
    }
}
