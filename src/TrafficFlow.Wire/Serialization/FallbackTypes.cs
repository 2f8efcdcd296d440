using System.Runtime.Serialization;
using Newtonsoft.Json.Serialization;

namespace TrafficFlow.Wire.Serialization;

/// <summary>The types that the fallback serializer writes and reads: Akka's own, plain values, and collections of these.</summary>
internal static class FallbackTypes
{
    private static readonly HashSet<Type> Values =
    [
        typeof(object), typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid), typeof(Uri), typeof(Version),
    ];

    private static readonly HashSet<Type> Generics =
    [
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>),
    ];

    public static bool Contain(Type type)
    {
        if (type.IsArray) return Contain(type.GetElementType()!);
        if (!type.GetGenericArguments().All(Contain)) return false;
        return type.IsPrimitive || Values.Contains(type) || IsAkkas(type) || IsCollection(type);
    }

    private static bool IsAkkas(Type type) =>
        type.Assembly.GetName().Name is { } assembly && (assembly == "Akka" || assembly.StartsWith("Akka.", StringComparison.Ordinal));

    private static bool IsCollection(Type type) =>
        type.IsGenericType
        && (Generics.Contains(type.GetGenericTypeDefinition())
            || type.Namespace is "System.Collections.Generic" or "System.Collections.Immutable" or "System.Collections.ObjectModel");
}

/// <summary>Holds the types that a JSON text names to the same list.</summary>
internal sealed class FallbackTypeBinder(ISerializationBinder? binder) : ISerializationBinder
{
    private readonly ISerializationBinder _binder = binder ?? new DefaultSerializationBinder();

    public Type BindToType(string? assemblyName, string typeName)
    {
        var type = _binder.BindToType(assemblyName, typeName);
        return FallbackTypes.Contain(type) ? type : throw new SerializationException($"a message holds a {type}, which is not read");
    }

    public void BindToName(Type serializedType, out string? assemblyName, out string? typeName)
    {
        if (!FallbackTypes.Contain(serializedType))
            throw new SerializationException($"{serializedType} is no {nameof(IWireMessage)}: it must not leave the process");
        _binder.BindToName(serializedType, out assemblyName, out typeName);
    }
}
