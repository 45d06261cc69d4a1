using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniNet.Graphs;

namespace MiniNet.Tests.Oracle;

/// <summary>
/// Creates a loss, an optimizer or a schedule from a recording: <c>kind</c> names the class, and every other property is a parameter of its
/// constructor.
/// </summary>
internal static class OperationFactory
{
    /// <param name="description">The kind and the options. A missing option has its default value.</param>
    /// <param name="first">The first arguments of the constructor that are not options.</param>
    public static T Create<T>(JsonObject description, params object[] first)
    {
        string kind = description["kind"]!.GetValue<string>();
        Type type = typeof(Graph).Assembly.GetTypes()
            .Concat(typeof(OperationFactory).Assembly.GetTypes()).Single(type => type.Name == kind && type.IsAssignableTo(typeof(T)));
        ConstructorInfo constructor = type.GetConstructors().Single();
        ParameterInfo[] parameters = [.. constructor.GetParameters().Skip(first.Length)];
        Assert.Subset(
            parameters.Select(parameter => parameter.Name!).ToHashSet(),
            description.Select(option => option.Key).Where(key => key != "kind").ToHashSet());
        return (T)constructor.Invoke([.. first, .. parameters.Select(parameter => Argument<T>(parameter, description[parameter.Name!]))]);
    }

    private static object? Argument<T>(ParameterInfo parameter, JsonNode? value)
    {
        if (value is null)
        {
            return parameter.HasDefaultValue
                ? parameter.DefaultValue
                : throw new KeyNotFoundException($"{parameter.Member.DeclaringType}: {parameter.Name} is missing");
        }

        return parameter.ParameterType == typeof(T) ? Create<T>((JsonObject)value) : value.Deserialize(parameter.ParameterType);
    }
}
