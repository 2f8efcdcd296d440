using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace TrafficFlow.Wire.Serialization;

/// <summary>
/// What no other serializer takes: libraries' own types go the way they always went, types of ours are refused. Silently written as
/// JSON they would work until the first rename, and a frame would leave the process.
/// </summary>
public sealed class StrictFallbackSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private readonly NewtonSoftJsonSerializer _json = new(system);

    public override int Identifier => 7322;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj)
    {
        var type = obj.GetType();
        return IsOurs(type)
            ? throw new SerializationException($"{type} is no {nameof(IWireMessage)}: it must not leave the process")
            : _json.ToBinary(obj);
    }

    public override object FromBinary(byte[] bytes, Type type) => _json.FromBinary(bytes, type);

    /// <summary>Ours, or a library's collection or tuple of ours: JSON would write what is in it.</summary>
    private static bool IsOurs(Type type) =>
        type.Namespace?.StartsWith("TrafficFlow", StringComparison.Ordinal) == true
        || (type.GetElementType() is { } element && IsOurs(element))
        || type.GetGenericArguments().Any(IsOurs);
}
