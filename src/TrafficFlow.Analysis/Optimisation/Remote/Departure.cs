using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>Bytes that have passed the gate: the only thing that a client sends as content. Made by <see cref="DepartureGate"/> alone.</summary>
internal sealed class Departure
{
    private readonly byte[] _bytes;

    private Departure(byte[] bytes, DepartureRecord record) => (_bytes, Record) = (bytes, record);

    public DepartureRecord Record { get; }

    public HttpContent ToContent() => new ByteArrayContent(_bytes) { Headers = { { "Content-Type", "application/json" } } };

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>For the gate.</summary>
    internal static Departure Of(byte[] bytes, DepartureRecord record) => new(bytes, record);
}

/// <summary>What left, for the audit.</summary>
/// <param name="Principal">Who asked for it.</param>
/// <param name="At">When it was let out.</param>
/// <param name="Destination">Scheme, host and port.</param>
/// <param name="Kind">In which form, such as "sapi-qp".</param>
/// <param name="Variables">How many, without names.</param>
/// <param name="Sha256">Of the exact bytes, in lower-case hex.</param>
public sealed record DepartureRecord(string Principal, DateTimeOffset At, string Destination, string Kind, int Variables, int Couplings, int Bytes, string Sha256);

/// <summary>The audit, as a port. What it has not taken does not leave.</summary>
public interface IDepartureLog
{
    Task RecordAsync(DepartureRecord record, CancellationToken cancellation);
}

/// <summary>The form in which a model leaves: who writes it, and what may stand in it.</summary>
/// <param name="Kind">For the audit.</param>
/// <param name="Allowed">Each value that may occur, by its path: "[].data.lin" and the like; elements of an array are "[]".</param>
internal sealed record DepartureForm(string Kind, ImmutableDictionary<string, DepartureValue> Allowed);

/// <summary>What a value may be.</summary>
internal abstract record DepartureValue
{
    /// <summary>A finite number.</summary>
    public sealed record Number : DepartureValue;

    public sealed record Truth : DepartureValue;

    /// <summary>Base64 of whole doubles and of nothing else.</summary>
    public sealed record Doubles : DepartureValue;

    /// <summary>One of these texts, which are the program's, the configuration's or the service's own.</summary>
    public sealed record Words(ImmutableHashSet<string> All) : DepartureValue;

    public static DepartureValue Word(params IEnumerable<string> words) => new Words([.. words]);
}
