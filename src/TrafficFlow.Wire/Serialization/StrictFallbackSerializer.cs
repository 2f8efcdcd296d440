using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace TrafficFlow.Wire.Serialization;

/// <summary>
/// What no other serializer takes: Akka's own types and plain values go as JSON, as they always went; all others are refused, those of ours
/// too. Silently written as JSON ours would work until the first rename, and a frame would leave the process; and whoever may name the type
/// that is read can have any constructor of any library run.
/// </summary>
public sealed class StrictFallbackSerializer : Serializer
{
    private readonly NewtonSoftJsonSerializer _json;

    public StrictFallbackSerializer(ExtendedActorSystem system)
        : base(system)
    {
        _json = new NewtonSoftJsonSerializer(system);
        // JSON names the types of what is inside by itself.
        _json.Settings.SerializationBinder = new FallbackTypeBinder(_json.Settings.SerializationBinder);
        if (_json.Serializer is Newtonsoft.Json.JsonSerializer inner) inner.SerializationBinder = _json.Settings.SerializationBinder;
    }

    public override int Identifier => 7322;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj)
    {
        var type = obj.GetType();
        return FallbackTypes.Contain(type)
            ? _json.ToBinary(obj)
            : throw new SerializationException($"{type} is no {nameof(IWireMessage)}: it must not leave the process");
    }

    /// <exception cref="SerializationException">It is of another type, or no such text.</exception>
    public override object FromBinary(byte[] bytes, Type type)
    {
        // Null where no assembly has a type of that name.
        if (type is null || !FallbackTypes.Contain(type))
            throw new SerializationException($"a message names {type?.ToString() ?? "no type"}, which is neither one of Akka's types nor a plain value: it is not read. Does another version, or a stranger, send it?");
        object? read;
        try
        {
            read = _json.FromBinary(bytes, type);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or SerializationException))
        {
            // The constructors and converters of a hundred types throw whatever they like.
            throw new SerializationException($"{bytes.Length} bytes are no {type}: {e.GetBaseException().Message}", e);
        }

        // Where a text names no type, the library has one of its own.
        return read is null || FallbackTypes.Contain(read.GetType()) ? read! : throw new SerializationException($"{bytes.Length} bytes are a {read.GetType()}, which is not read");
    }
}
