using System.Reflection;
using Akka.Configuration;

namespace TrafficFlow.Wire;

/// <summary>Configuration that a library carries with it.</summary>
public static class EmbeddedConfig
{
    public static Config Read(Assembly library, string resource)
    {
        using var stream = library.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
