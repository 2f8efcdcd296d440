using System.Text;
using System.Text.Json;
using Akka.Configuration;
using TrafficFlow.Node.Settings.Conf;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Hands the section akka over to the actor system, in the form that its own parser reads.</summary>
internal static class AkkaConfig
{
    public static Config From(ConfSection? akka)
    {
        if (akka is null) return Config.Empty;
        var text = new StringBuilder("akka ");
        Write(akka, text);
        return ConfigurationFactory.ParseString(text.ToString());
    }

    private static void Write(ConfValue value, StringBuilder text)
    {
        switch (value)
        {
            case ConfSection section:
                text.Append('{');
                foreach (var (key, child) in section.Items)
                {
                    text.Append(Quoted(key)).Append(" = ");
                    Write(child, text);
                    text.Append('\n');
                }

                text.Append('}');
                break;
            case ConfList list:
                text.Append('[');
                foreach (var item in list.Items)
                {
                    Write(item, text);
                    text.Append(", ");
                }

                text.Append(']');
                break;
            case ConfText literal:
                text.Append(Quoted(literal.Text));
                break;
        }
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
