using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace TrafficFlow.Wire;

/// <summary>
/// Stands in the place of Akka's own JSON, whose identifier it has: that reads whatever class the bytes name, and runs its constructor. None of
/// ours ever wrote it; a row or a message that says so is not read.
/// </summary>
/// <param name="settings">Those of Akka's JSON, which Akka hands to whatever has its place; of no use here.</param>
public sealed class RefusedJsonSerializer(ExtendedActorSystem system, Config settings) : Serializer(system)
{
    public Config Settings { get; } = settings;

    // That of Akka.Serialization.NewtonSoftJsonSerializer.
    public override int Identifier => 1;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => throw Refused(obj.GetType());

    public override object FromBinary(byte[] bytes, Type type) => throw Refused(type);

    private static SerializationException Refused(Type? type) => new($"{type} is neither written nor read as Akka's JSON: whoever may name a class can run what it does");
}
