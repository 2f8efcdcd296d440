using Google.Protobuf;
using TrafficFlow.Wire.Naming;

namespace TrafficFlow.Wire.Serialization;

/// <summary>How the bytes of a message are kept from being taken for something else.</summary>
internal enum RowCheck
{
    /// <summary>A message: the connection sees to it.</summary>
    None,

    /// <summary>Persisted, with a checksum. Damaged, it becomes a <see cref="DamagedRow"/>.</summary>
    Checksum,

    /// <summary>Persisted by an older version, without one: it is damaged where it does not parse. Nobody writes it any more.</summary>
    Parse,
}

/// <summary>One type that has a wire form: its manifest, and how to write and read it.</summary>
internal sealed record WireLine(Type Type, string Manifest, RowCheck Check, Func<object, IMessage> Write, Func<byte[], object> Read)
{
    /// <summary>False for what only older versions persisted.</summary>
    public bool IsWritten { get; private init; } = true;

    public static WireLine For<T, TWire>(string manifest, Func<T, TWire> write, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new() => Make(manifest, RowCheck.None, write, read);

    public static WireLine Persisted<T, TWire>(string manifest, Func<T, TWire> write, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new() => Make(manifest, RowCheck.Checksum, write, read);

    /// <summary>Persisted by an older version, with a checksum.</summary>
    public static WireLine PersistedBefore<T, TWire>(string manifest, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new() =>
        Make<T, TWire>(manifest, RowCheck.Checksum, _ => throw new NotSupportedException($"{manifest} is not written any more"), read) with { IsWritten = false };

    public static WireLine Before<T, TWire>(string manifest, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new() =>
        Make<T, TWire>(manifest, RowCheck.Parse, _ => throw new NotSupportedException($"{manifest} is not written any more"), read) with { IsWritten = false };

    private static WireLine Make<T, TWire>(string manifest, RowCheck check, Func<T, TWire> write, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new()
    {
        var parser = new MessageParser<TWire>(() => new TWire());
        return new WireLine(typeof(T), manifest, check, message => write((T)message), bytes =>
        {
            var message = parser.ParseFrom(bytes);
            if (check == RowCheck.None) WireNames.Check(message);
            return read(message);
        });
    }
}
