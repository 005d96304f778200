// Package demo fills an instance with an invented government at work: officers
// with random passwords, and cases in every state, made by the real engine at
// plausible moments of the past weeks. Nobody in it exists.
package demo
